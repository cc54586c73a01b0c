#include "mobile-app/replica/open.hpp"

namespace roadbook::replica {

Result<std::unique_ptr<Replica>> open_device(std::shared_ptr<Vault> vault, std::string_view pin, Clock& clock, Random& random)
{
    auto key = vault->unlock(pin);
    if (!key) return key.error();
    try {
        ROADBOOK_CHECK(take_over_plain_file(vault->folder(), *key));
    } catch (const Fault& fault) {
        return fault.error();
    }
    const auto folder = vault->folder();
    auto opened = Replica::open({.folder = folder, .clock = &clock, .random = &random, .key = *key, .vault = std::move(vault)});
    forget(*key);
    return opened;
}

Result<std::unique_ptr<Replica>> open_device(const std::filesystem::path& folder, std::string_view pin)
{
    auto vault = Vault::open({.folder = folder});
    if (!vault) return vault.error();
    return open_device(std::shared_ptr<Vault>{std::move(*vault)}, pin);
}

} // namespace roadbook::replica
