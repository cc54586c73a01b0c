#include "mobile-app/app/options.hpp"

#include <CLI/CLI.hpp>

#include <QByteArray>

#include <fstream>
#include <iostream>

namespace roadbook::app {
namespace {

constexpr int bad_call = 2; // as the other programs have it

std::filesystem::path usual_folder()
{
    if (const auto* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') return std::filesystem::path{data} / "roadbook";
    const auto* home = std::getenv("HOME");
    return std::filesystem::path{home != nullptr ? home : "."} / ".local/share/roadbook";
}

std::optional<std::string> first_line_of(const std::string& file)
{
    std::ifstream in{file};
    std::string line;
    return std::getline(in, line) ? std::optional{line} : std::nullopt;
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
    std::string language, look, pin_file;
    CLI::App cli{"Roadbook: your customers and visits, with or without a network."};
    cli.set_version_flag("--version", "roadbook " ROADBOOK_VERSION);
    cli.add_option("--data", options.data, "the folder of this device's data")->capture_default_str();
    cli.add_option("--pin-file", pin_file, "its first line is this device's PIN; or set ROADBOOK_PIN");
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
    if (const auto* pin = std::getenv("ROADBOOK_PIN"); pin != nullptr) options.pin = pin;
    if (!pin_file.empty()) {
        const auto pin = first_line_of(pin_file);
        if (!pin) {
            std::cerr << "roadbook: no PIN can be read from " << pin_file << "\n";
            options.status = bad_call;
            return options;
        }
        options.pin = *pin;
    }
    using viewmodels::Preferences;
    if (!language.empty()) options.language = language == "zh" ? Preferences::Chinese : Preferences::English;
    if (!look.empty()) options.look = look == "dark" ? Preferences::Dark : Preferences::Light;
    if (!options.screenshot.empty()) need_no_display();
    options.proceed = true;
    return options;
}

} // namespace roadbook::app
