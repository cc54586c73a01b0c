#pragma once
// Internal to the room.
#include "shared/wire/tls.hpp"
#include "shared/wire/tls_context.hpp"

namespace roadbook::wire {

class ServerTls::State {
public:
    ContextPtr context;
    std::string fingerprint;
    Time valid_until;
};

} // namespace roadbook::wire
