# Where the libraries come from. Debian's packages, and libtorch out of its PyPI wheel.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
# Debian's CMake files of OpenImageIO name files of packages they do not pull in; pkg-config links and runs.
pkg_check_modules(OpenImageIO REQUIRED IMPORTED_TARGET OpenImageIO)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

if(LIKENESS_UI)
  find_package(Qt6 REQUIRED COMPONENTS Core Gui Widgets Svg)
  include(LikenessTranslations)
endif()
if(LIKENESS_TESTS)
  find_package(Qt6 REQUIRED COMPONENTS Core Test)
endif()

# The wheel's own CMake files demand a CUDA toolkit, so the target is made by hand. Only torch_cpu and c10 are linked;
# a CUDA backend is loaded at run time where there is a GPU.
if(LIKENESS_CORE)
  if(NOT LIKENESS_TORCH)
    include(LikenessTorchCache)
    likeness_torch_in_cache(found)
    set(LIKENESS_TORCH "${found}" CACHE PATH "Folder of libtorch 2.x: the one that holds include/ and lib/" FORCE)
  endif()
  if(NOT EXISTS "${LIKENESS_TORCH}/lib/libtorch_cpu.so")
    message(FATAL_ERROR "LIKENESS_TORCH (${LIKENESS_TORCH}) holds no lib/libtorch_cpu.so. "
                        "installer/run.sh --build-only fetches libtorch; or point it at any libtorch 2.x.")
  endif()
  # libtorch's headers bring a copy of fmt that its libraries do not export; the system's must be found before it.
  find_path(LIKENESS_FMT_INCLUDE fmt/core.h REQUIRED)
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/fmt_first")
  file(CREATE_LINK "${LIKENESS_FMT_INCLUDE}/fmt" "${CMAKE_BINARY_DIR}/fmt_first/fmt" SYMBOLIC)
  add_library(likeness_torch INTERFACE)
  target_include_directories(likeness_torch SYSTEM INTERFACE
    "${CMAKE_BINARY_DIR}/fmt_first"
    "${LIKENESS_TORCH}/include" "${LIKENESS_TORCH}/include/torch/csrc/api/include")
  target_compile_definitions(likeness_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1 AT_PER_OPERATOR_HEADERS)
  target_link_libraries(likeness_torch INTERFACE
    "${LIKENESS_TORCH}/lib/libtorch_cpu.so" "${LIKENESS_TORCH}/lib/libc10.so" Threads::Threads)
  target_link_options(likeness_torch INTERFACE
    "-Wl,-rpath,${LIKENESS_TORCH}/lib" "-Wl,-rpath-link,${LIKENESS_TORCH}/lib")
endif()
