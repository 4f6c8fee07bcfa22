# How everything is compiled, and the kinds of build: RECKONER_BUILD is release, debug, asan, tsan,
# coverage or fuzz. `./dev build KIND` sets it.
set(RECKONER_BUILD release CACHE STRING "release, debug, asan, tsan, coverage or fuzz")
option(RECKONER_TESTS "Build the tests and benchmarks" ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
option(RECKONER_WERROR "Warnings are errors" ON)
if(RECKONER_WERROR)
  add_compile_options(-Werror)
endif()
include_directories(${CMAKE_SOURCE_DIR})

if(RECKONER_BUILD STREQUAL "release")
  add_compile_options(-O2 -g1)
elseif(RECKONER_BUILD STREQUAL "debug")
  add_compile_options(-Og -g)
elseif(RECKONER_BUILD STREQUAL "asan")
  # Without `function`, which clang 14 cannot compile together with coroutines.
  add_compile_options(-O1 -g -fsanitize=address,undefined -fno-sanitize=function
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(RECKONER_BUILD STREQUAL "tsan")
  add_compile_options(-O1 -g -fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(RECKONER_BUILD STREQUAL "coverage")
  add_compile_options(-O0 -g -fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
elseif(RECKONER_BUILD STREQUAL "fuzz")
  add_compile_options(-O1 -g -fsanitize=address,undefined,fuzzer-no-link
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
else()
  message(FATAL_ERROR "RECKONER_BUILD is '${RECKONER_BUILD}'; it takes release, debug, asan, tsan, "
                      "coverage or fuzz")
endif()

find_program(RECKONER_CCACHE ccache)
if(RECKONER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${RECKONER_CCACHE})
endif()
# For targets that read the command line: its library is most of what they cost to compile, and none
# of what takes time at run time. A compiler's cache does more than a precompiled header.
function(reckoner_reads_command_line TARGET)
  if(RECKONER_BUILD STREQUAL "release")
    target_compile_options(${TARGET} PRIVATE -O1)
  endif()
  if(NOT RECKONER_CCACHE)
    target_precompile_headers(${TARGET} PRIVATE <CLI/CLI.hpp>)
  endif()
endfunction()

find_program(RECKONER_MOLD mold)
if(RECKONER_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
