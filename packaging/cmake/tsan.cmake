# Thread sanitizer, for the server's tests: packaging/build --tsan TARGET..., in build/tsan, with Debian's clang. The Rust archive is the ordinary build's.
set(CMAKE_GENERATOR Ninja CACHE STRING "")
set(CMAKE_C_COMPILER clang-19 CACHE STRING "")
set(CMAKE_CXX_COMPILER clang++-19 CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
# Nothing is said of deprecated names: clang would say it of the insides of std::stable_sort.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -Wno-deprecated-declarations -D_GLIBCXX_ASSERTIONS -fsanitize=thread" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "-fsanitize=thread" CACHE STRING "")
get_filename_component(built_once "${CMAKE_CURRENT_LIST_DIR}/../../build/cargo" ABSOLUTE)
set(ROADBOOK_CARGO_TARGET_DIR "${built_once}" CACHE PATH "")
set(ROADBOOK_PATIENCE 5 CACHE STRING "") # times the usual limit of a test
