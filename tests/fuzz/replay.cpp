// Where libFuzzer is not: reads the target's own seeds and every file named, or every file in a folder named, as the fuzzer would.
//   fuzz_frame kept/frame        fuzz_frame --write FOLDER (the seeds, as files for libFuzzer to begin with)
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using roadbook::Bytes;

void read(const Bytes& input)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<fs::path> files_at(const fs::path& path)
{
    if (!fs::is_directory(path)) return {path};
    std::vector<fs::path> files;
    for (const auto& one : fs::directory_iterator{path}) files.push_back(one.path());
    std::sort(files.begin(), files.end());
    return files;
}

void read_file(const fs::path& file)
{
    std::fprintf(stderr, "%s\n", file.c_str()); // before: the last one named is the one at fault
    std::ifstream in{file, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    read(roadbook::to_bytes(roadbook::as_bytes(bytes)));
}

void write_all(const std::vector<Bytes>& seeds, const fs::path& folder)
{
    fs::create_directories(folder);
    for (std::size_t i = 0; i < seeds.size(); ++i)
        std::ofstream{folder / ("seed-" + std::to_string(i)), std::ios::binary}.write(reinterpret_cast<const char*>(seeds[i].data()), static_cast<std::streamsize>(seeds[i].size()));
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto seeds = roadbook::fuzz::seeds();
    if (words.size() == 2 && words[0] == "--write") {
        write_all(seeds, words[1]);
        return 0;
    }
    for (const auto& seed : seeds) {
        read(seed);
        auto cut = seed; // and cut off anywhere
        for (cut.resize(seed.size() / 2); !cut.empty(); cut.resize(cut.size() / 2)) read(cut);
    }
    int files = 0;
    for (const auto& word : words)
        for (const auto& file : fs::exists(word) ? files_at(word) : std::vector<fs::path>{}) read_file(file), ++files;
    std::printf("%zu seeds, whole and cut off, and %d kept inputs read\n", seeds.size(), files);
    return 0;
}
