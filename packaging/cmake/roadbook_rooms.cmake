# One target a room, flags in one place. A room is a folder with its own CMakeLists.txt that calls roadbook_room().
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)

# Warnings are errors in our own code only: headers of other projects come in as SYSTEM.
add_library(roadbook_warnings INTERFACE)
add_library(roadbook::warnings ALIAS roadbook_warnings)
target_compile_options(roadbook_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
    # g++ 12 reports these in its own library code at -O2, without cause
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-dangling-reference -Wno-mismatched-new-delete
    -Wno-tsan) # fences, which the thread sanitizer does not see: Boost's error categories use them rightly
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(roadbook_warnings INTERFACE -Wno-unknown-warning-option)
endif()
target_compile_options(roadbook_warnings INTERFACE -Wno-error=deprecated-declarations)

# roadbook_room(shared_base SOURCES a.cpp b.cpp USES fmt::fmt PRIVATE_USES ...): static library roadbook::shared_base.
function(roadbook_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
    add_library(roadbook_${name} STATIC ${ROOM_SOURCES})
    add_library(roadbook::${name} ALIAS roadbook_${name})
    target_include_directories(roadbook_${name} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
    target_link_libraries(roadbook_${name} PUBLIC ${ROOM_USES} PRIVATE roadbook::warnings ${ROOM_PRIVATE_USES})
endfunction()

# roadbook_program(roadbookd SOURCES main.cpp USES ...): an executable in build/bin.
function(roadbook_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;USES" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE ${PROGRAM_USES} roadbook::warnings)
endfunction()
