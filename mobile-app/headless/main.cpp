// roadbook-device: hands words and streams to the program.
#include "mobile-app/headless/program.hpp"

#include <iostream>
#include <unistd.h>

int main(int argc, char** argv)
{
    std::ios::sync_with_stdio(false);
    const roadbook::headless::Words words(argv + 1, argv + argc);
    return roadbook::headless::run_program(
        words, {std::cin, std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1});
}
