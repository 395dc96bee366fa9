# A Debian package: cmake --build build, then cpack --config build/CPackConfig.cmake -B dist
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME chipmix)
set(CPACK_PACKAGE_VENDOR chipmix)
set(CPACK_PACKAGE_CONTACT "The chipmix developers")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "cost-aware simulator of heterogeneous training clusters")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS chromium)  # prints reports as PDF
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
find_program(CHIPMIX_SHLIBDEPS dpkg-shlibdeps)
if(CHIPMIX_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # the libraries it needs, as the binaries say
endif()
include(CPack)
