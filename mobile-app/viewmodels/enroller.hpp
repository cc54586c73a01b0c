#pragma once
// Makes this installation a device of a person.
#include "shared/base/result.hpp"

#include <functional>
#include <string>

namespace roadbook::viewmodels {

struct EnrolmentRequest {
    std::string server; ///< wss://host:port
    std::string code;   ///< of one use
    std::string trust;  ///< "sha256:..." of the server's certificate; empty: the system's authorities
};

/// Threads: the GUI thread for the call and the callback.
class Enroller {
public:
    using Answer = std::function<void(const Result<void>&)>;

    Enroller() = default;
    Enroller(const Enroller&) = delete;
    Enroller& operator=(const Enroller&) = delete;
    virtual ~Enroller() = default;

    /// Answers after the identity is kept; the first sync begins by itself. Errors: bad_code, link_lost, tls_failed ...
    virtual void enrol(const EnrolmentRequest& request, Answer answer) = 0;
};

} // namespace roadbook::viewmodels
