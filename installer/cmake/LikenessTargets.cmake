# The warnings every target of ours is built with, and the three verbs the folders use.
add_library(likeness_warnings INTERFACE)
target_compile_options(likeness_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(LIKENESS_WERROR)
  target_compile_options(likeness_warnings INTERFACE -Werror)
endif()
target_include_directories(likeness_warnings INTERFACE "${CMAKE_SOURCE_DIR}")
if(LIKENESS_SANITIZE)
  target_compile_options(likeness_warnings INTERFACE -fsanitize=${LIKENESS_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(likeness_warnings INTERFACE -fsanitize=${LIKENESS_SANITIZE})
endif()

if(LIKENESS_FUZZ)
  target_compile_options(likeness_warnings INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Paths below the project are hashed relative to the build folder, so that the presets, and other checkouts of the same
# sources, share their objects.
find_program(LIKENESS_CCACHE ccache)
if(LIKENESS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${LIKENESS_CCACHE}")
endif()
find_program(LIKENESS_MOLD mold)
if(LIKENESS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# A compiler process over ATen's headers takes 1.2-1.4 GB; the pools keep a wide machine with little memory alive.
set(LIKENESS_COMPILE_JOBS "" CACHE STRING "How many files Ninja compiles at once; empty: as many as its -j says")
set(LIKENESS_LINK_JOBS 2 CACHE STRING "How many programs Ninja links at once")
set_property(GLOBAL APPEND PROPERTY JOB_POOLS link=${LIKENESS_LINK_JOBS})
set(CMAKE_JOB_POOL_LINK link)
if(LIKENESS_COMPILE_JOBS)
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS compile=${LIKENESS_COMPILE_JOBS})
  set(CMAKE_JOB_POOL_COMPILE compile)
endif()

# likeness_library(name SOURCES a.cpp ... DEPENDS targets ...): one static library per folder.
function(likeness_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_SOURCES)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS})
    return()
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC likeness_warnings ${ARG_DEPENDS})
endfunction()

# likeness_program(name SOURCES ... DEPENDS ...)
function(likeness_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE likeness_warnings ${ARG_DEPENDS})
endfunction()

# likeness_test(core/image_resize LABEL unit SOURCES test_image_resize.cpp DEPENDS ...): a Qt Test program; ctest knows it
# as folder/unit. Qt Core and Qt Test come by themselves.
function(likeness_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPENDS" ${ARGN})
  string(REPLACE "/" "_" target "test_${name}")
  add_executable(${target} ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES AUTOMOC ON)
  target_link_libraries(${target} PRIVATE likeness_warnings Qt6::Core Qt6::Test ${ARG_DEPENDS})
  target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS LIKENESS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" ENVIRONMENT
                       "QT_QPA_PLATFORM=offscreen;QTEST_FUNCTION_TIMEOUT=600000;OMP_WAIT_POLICY=PASSIVE")
  # The window promises times; a neighbour on the same cores would break them.
  if(ARG_LABEL MATCHES "^(ui|e2e)$")
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()
