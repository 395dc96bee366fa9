# The C++ library, for projects that find_package(chipmix): headers, static libraries and their targets, chipmix::scenario
# and so on. cmake --install build --component development; the program's own installation and package leave it out.
include(CMakePackageConfigHelpers)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/chipmix)
get_property(libraries DIRECTORY ${PROJECT_SOURCE_DIR}/sim PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER libraries INCLUDE REGEX "^chipmix_")
list(REMOVE_ITEM libraries chipmix_cli)

foreach(library IN LISTS libraries)
  string(REPLACE chipmix_ "" exported ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${exported})
endforeach()
set_target_properties(chipmix_options PROPERTIES EXPORT_NAME options)
install(TARGETS chipmix_options ${libraries} EXPORT chipmix ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  COMPONENT development EXCLUDE_FROM_ALL)
install(EXPORT chipmix NAMESPACE chipmix:: DESTINATION ${config_folder} FILE chipmixTargets.cmake
  COMPONENT development EXCLUDE_FROM_ALL)
install(DIRECTORY sim/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/chipmix COMPONENT development EXCLUDE_FROM_ALL
  FILES_MATCHING PATTERN "*.hpp")

configure_package_config_file(cmake/chipmixConfig.cmake.in ${PROJECT_BINARY_DIR}/chipmixConfig.cmake
  INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/chipmixConfigVersion.cmake COMPATIBILITY ExactVersion)
install(FILES ${PROJECT_BINARY_DIR}/chipmixConfig.cmake ${PROJECT_BINARY_DIR}/chipmixConfigVersion.cmake
  DESTINATION ${config_folder} COMPONENT development EXCLUDE_FROM_ALL)
