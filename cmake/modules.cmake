add_library(chipmix_options INTERFACE)
set(warnings -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion)
if(CHIPMIX_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND warnings -Wshadow=local)  # names of one source's unnamed namespace are not in the way of another's locals
else()
  list(APPEND warnings -Wshadow)
endif()
target_compile_options(chipmix_options INTERFACE "$<BUILD_INTERFACE:${warnings}>")
target_compile_features(chipmix_options INTERFACE cxx_std_20)
target_include_directories(chipmix_options INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/sim>"
  "$<INSTALL_INTERFACE:include/chipmix>")
if(CHIPMIX_FUZZ)
  set(sanitizers fuzzer-no-link,address,undefined)
  target_compile_options(chipmix_options INTERFACE -O1 -gline-tables-only -fno-sanitize-recover=undefined)
elseif(CHIPMIX_SANITIZE STREQUAL thread)
  set(sanitizers thread)
elseif(CHIPMIX_SANITIZE)
  set(sanitizers address,undefined)
endif()
if(sanitizers)
  target_compile_options(chipmix_options INTERFACE -fsanitize=${sanitizers} -fno-omit-frame-pointer)
  target_link_options(chipmix_options INTERFACE -fsanitize=${sanitizers})
endif()
if(CHIPMIX_COVERAGE)
  target_compile_options(chipmix_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(chipmix_options INTERFACE --coverage)
endif()

if(CHIPMIX_PRECOMPILE AND CHIPMIX_CCACHE)
  target_compile_options(chipmix_options INTERFACE "$<BUILD_INTERFACE:-fpch-preprocess>")  # or ccache does not see what was precompiled
endif()

# chipmix_precompile(TARGET HEADER...): what most sources of a target read, read once. A source still includes all it uses:
# -DCHIPMIX_PRECOMPILE=OFF builds without. REUSE_FROM OTHER in place of headers: those of another target with its options.
function(chipmix_precompile target)
  if(NOT CHIPMIX_PRECOMPILE)
    return()
  endif()
  if(ARGV1 STREQUAL REUSE_FROM)
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# chipmix_units(TARGET COUNT SOURCE...): compiles the sources of a target as COUNT translation units: headers are read and
# templates instantiated once a unit, which builds the project in less than half the time. The unit of a source follows
# from its name alone, so a new source moves no other. -DCHIPMIX_UNITY=OFF compiles each source by itself.
function(chipmix_units target count)
  if(NOT CHIPMIX_UNITY)
    return()
  endif()
  foreach(source ${ARGN})
    file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR} ${source})
    string(MD5 hash ${name})
    string(SUBSTRING ${hash} 0 6 digits)
    math(EXPR unit "0x${digits} % ${count}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${unit})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# Floors that read files and write pages: most of the sources, little of the time an answer takes. -O1 builds them in
# two thirds of the time.
set(CHIPMIX_QUICKLY_BUILT scenario validation interop report sweep cli)

# chipmix_module(NAME [UNITS count] [FLOORS lib...] [PACKAGES lib...] [PRECOMPILE header... | PRECOMPILED_BY module]):
# one folder of sim/ as a static library.
function(chipmix_module name)
  cmake_parse_arguments(MODULE "" "UNITS;PRECOMPILED_BY" "FLOORS;PACKAGES;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(chipmix_${name} STATIC ${sources})
  chipmix_units(chipmix_${name} ${MODULE_UNITS} ${sources})
  list(TRANSFORM MODULE_FLOORS PREPEND chipmix_)
  target_link_libraries(chipmix_${name} PUBLIC chipmix_options ${MODULE_FLOORS} ${MODULE_PACKAGES})
  if(name IN_LIST CHIPMIX_QUICKLY_BUILT AND CMAKE_BUILD_TYPE STREQUAL Release)
    target_compile_options(chipmix_${name} PRIVATE -O1)
  endif()
  if(MODULE_PRECOMPILE)
    chipmix_precompile(chipmix_${name} ${MODULE_PRECOMPILE})
  elseif(MODULE_PRECOMPILED_BY)
    chipmix_precompile(chipmix_${name} REUSE_FROM chipmix_${MODULE_PRECOMPILED_BY})
  endif()
endfunction()
