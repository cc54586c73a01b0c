# Address and undefined-behaviour sanitizers, and what libFuzzer wants to see: one build serves the tests and the fuzz targets.
#   packaging/build --asan TARGET...       in build/asan, with Debian's clang. The Rust archive is the ordinary build's.
set(CMAKE_GENERATOR Ninja CACHE STRING "")
set(CMAKE_C_COMPILER clang-19 CACHE STRING "") # g++ 12 takes no address of a constant for constant once it watches null pointers
set(CMAKE_CXX_COMPILER clang++-19 CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(sanitizers "-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all")
# Nothing is said of deprecated names: clang would say it of the insides of std::stable_sort.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -Wno-deprecated-declarations -D_GLIBCXX_ASSERTIONS ${sanitizers}" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "${sanitizers}" CACHE STRING "")
get_filename_component(built_once "${CMAKE_CURRENT_LIST_DIR}/../../build/cargo" ABSOLUTE)
set(ROADBOOK_CARGO_TARGET_DIR "${built_once}" CACHE PATH "")
set(ROADBOOK_LIBFUZZER ON CACHE BOOL "")
set(ROADBOOK_PATIENCE 5 CACHE STRING "") # times the usual limit of a test
