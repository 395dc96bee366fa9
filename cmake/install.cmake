# The program, what `cmake --install` puts where, and where the program finds its data:
#   bin/{chipmix,chipmix_simgrid}, share/chipmix/{models,hardware_profiles,scenarios,published_runs}, share/doc/chipmix,
#   share/man/man1 and completions for bash, zsh and fish.
include(GNUInstallDirs)
set(CHIPMIX_DATA_FOLDERS models hardware_profiles scenarios published_runs)

# CHIPMIX_DATA_DIR holds the data folders of the source tree, CHIPMIX_INSTALL_DATA_DIR those of an installation.
# Of one source alone: the floors above share the precompiled headers of this module.
set_source_files_properties(${PROJECT_SOURCE_DIR}/sim/scenario/library.cpp TARGET_DIRECTORY chipmix_scenario PROPERTIES
  COMPILE_DEFINITIONS
  "CHIPMIX_DATA_DIR=\"${PROJECT_SOURCE_DIR}\";CHIPMIX_INSTALL_DATA_DIR=\"${CMAKE_INSTALL_FULL_DATADIR}/chipmix\"")
target_compile_definitions(chipmix_cli PRIVATE CHIPMIX_VERSION="${PROJECT_VERSION}")
target_compile_definitions(chipmix_sweep PRIVATE CHIPMIX_VERSION="${PROJECT_VERSION}")

set_source_files_properties(${PROJECT_SOURCE_DIR}/sim/cli/doctor_command.cpp TARGET_DIRECTORY chipmix_cli PROPERTIES
  COMPILE_DEFINITIONS
  "CHIPMIX_BUILD=\"${CMAKE_BUILD_TYPE}, ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, C++${CMAKE_CXX_STANDARD}\"")

if(EXISTS ${PROJECT_SOURCE_DIR}/sim/cli/main.cpp)
  get_target_property(cli_sources chipmix_cli SOURCES)
  list(FILTER cli_sources EXCLUDE REGEX "/main\\.cpp$")
  set_property(TARGET chipmix_cli PROPERTY SOURCES ${cli_sources})
  add_executable(chipmix ${PROJECT_SOURCE_DIR}/sim/cli/main.cpp)
  target_link_libraries(chipmix PRIVATE chipmix_cli)
  target_compile_definitions(chipmix PRIVATE CHIPMIX_VERSION="${PROJECT_VERSION}")
  set_target_properties(chipmix PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  add_dependencies(chipmix chipmix_simgrid)
  install(TARGETS chipmix RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # The program writes its own man page and completions.
  set(shell_files ${PROJECT_BINARY_DIR}/share)
  add_custom_command(TARGET chipmix POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${shell_files}
    COMMAND chipmix man roff -o ${shell_files}/chipmix.1
    COMMAND chipmix completion bash -o ${shell_files}/chipmix
    COMMAND chipmix completion zsh -o ${shell_files}/_chipmix
    COMMAND chipmix completion fish -o ${shell_files}/chipmix.fish)
  install(FILES ${shell_files}/chipmix.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${shell_files}/chipmix DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${shell_files}/_chipmix DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${shell_files}/chipmix.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

# SimGrid plays in a program of its own, which the engine starts: it takes one simulation a process.
find_library(CHIPMIX_SIMGRID simgrid REQUIRED)
get_target_property(engine_sources chipmix_engine SOURCES)
list(FILTER engine_sources EXCLUDE REGEX "/main\\.cpp$")
set_property(TARGET chipmix_engine PROPERTY SOURCES ${engine_sources})
add_executable(chipmix_simgrid ${PROJECT_SOURCE_DIR}/sim/engine/simgrid/main.cpp)
target_link_libraries(chipmix_simgrid PRIVATE chipmix_engine ${CHIPMIX_SIMGRID})
set_target_properties(chipmix_simgrid PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
target_compile_definitions(chipmix_engine PRIVATE CHIPMIX_SIMGRID_PROGRAM="${PROJECT_BINARY_DIR}/bin/chipmix_simgrid")
install(TARGETS chipmix_simgrid RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

install(DIRECTORY ${CHIPMIX_DATA_FOLDERS} DESTINATION ${CMAKE_INSTALL_DATADIR}/chipmix)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
foreach(document README.md ARCHITECTURE.md CHANGELOG.md docs)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${document})
    install(DIRECTORY ${document} DESTINATION ${CMAKE_INSTALL_DOCDIR})
  else()
    install(FILES ${document} DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
  endif()
endforeach()

# What it was built from, with versions; only where dpkg knows them.
install(CODE "execute_process(COMMAND \"${PROJECT_SOURCE_DIR}/cmake/sbom.sh\" ${PROJECT_VERSION}
  OUTPUT_FILE \"${PROJECT_BINARY_DIR}/sbom.spdx.json\" RESULT_VARIABLE unknown ERROR_QUIET)
if(NOT unknown)
  file(INSTALL \"${PROJECT_BINARY_DIR}/sbom.spdx.json\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}\")
endif()")
