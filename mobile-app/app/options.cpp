#include "mobile-app/app/options.hpp"

#include <CLI/CLI.hpp>

#include <QByteArray>

#include <fstream>
#include <iostream>

namespace roadbook::app {
namespace {

constexpr int bad_call = 2;           // as the other programs have it
constexpr std::size_t key_digits = 64; // 32 bytes

std::filesystem::path usual_folder()
{
    if (const auto* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') return std::filesystem::path{data} / "roadbook";
    const auto* home = std::getenv("HOME");
    return std::filesystem::path{home != nullptr ? home : "."} / ".local/share/roadbook";
}

std::optional<Bytes> read_key(const std::string& file)
{
    std::ifstream in{file};
    std::string digits;
    in >> digits;
    return digits.size() == key_digits ? from_hex(digits) : std::nullopt;
}

void need_no_display()
{
    const bool has_display = !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
    if (!has_display && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    if (qgetenv("QT_QPA_PLATFORM") == "offscreen") qputenv("QT_QUICK_BACKEND", "software");
}

} // namespace

Options read_options(int argc, char** argv)
{
    Options options;
    options.data = usual_folder();
    std::string language, look, key_file;
    CLI::App cli{"Roadbook: your customers and visits, with or without a network."};
    cli.set_version_flag("--version", "roadbook " ROADBOOK_VERSION);
    cli.add_option("--data", options.data, "the folder of this device's data")->capture_default_str();
    cli.add_option("--key-file", key_file, "a file with the 64 hexadecimal digits of the replica's key");
    cli.add_option("--language", language, "for this run: en or zh")->check(CLI::IsMember({"en", "zh"}));
    cli.add_option("--theme", look, "for this run: light or dark")->check(CLI::IsMember({"light", "dark"}));
    cli.add_option("--screenshot", options.screenshot, "write a picture of a page into this PNG file, and end");
    cli.add_option("--page", options.page, "for --screenshot: customers, sync, more, review, account[:ID] or visit[:ID]")->capture_default_str();
    cli.add_flag("--verbose", options.verbose, "log to standard error what happens");
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        options.status = cli.exit(error) == 0 ? 0 : bad_call;
        return options;
    }
    if (!key_file.empty()) {
        const auto key = read_key(key_file);
        if (!key) {
            std::cerr << "roadbook: the key file " << key_file << " cannot be read, or does not hold 64 hexadecimal digits\n";
            options.status = bad_call;
            return options;
        }
        options.key = *key;
    }
    using viewmodels::Preferences;
    if (!language.empty()) options.language = language == "zh" ? Preferences::Chinese : Preferences::English;
    if (!look.empty()) options.look = look == "dark" ? Preferences::Dark : Preferences::Light;
    if (!options.screenshot.empty()) need_no_display();
    options.proceed = true;
    return options;
}

} // namespace roadbook::app
