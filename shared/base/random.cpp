#include "shared/base/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace roadbook {
namespace {

class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override
    {
        if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
            throw std::runtime_error("the machine gives no random bytes");
    }
};

} // namespace

Random& system_random()
{
    static SystemRandom random;
    return random;
}

} // namespace roadbook
