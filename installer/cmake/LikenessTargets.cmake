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

find_program(LIKENESS_CCACHE ccache)
if(LIKENESS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LIKENESS_CCACHE}")
endif()
find_program(LIKENESS_MOLD mold)
if(LIKENESS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# likeness_library(name SOURCES a.cpp ... DEPENDS targets ...): one static library per folder.
function(likeness_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
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
                       "QT_QPA_PLATFORM=offscreen;QTEST_FUNCTION_TIMEOUT=600000")
endfunction()
