#pragma once
#include "mobile-app/app/replica_thread.hpp"
#include "mobile-app/viewmodels/enroller.hpp"

namespace roadbook::app {

/// Threads: GUI. Borrows the thread.
class LiveEnroller final : public viewmodels::Enroller {
public:
    /// `device_name`: what the administrator sees in the list of devices.
    LiveEnroller(ReplicaThread& replica, std::string device_name) : replica_{replica}, device_name_{std::move(device_name)} {}

    /// Errors: also bad_argument for what is no address of a server, with the field "server".
    void enrol(const viewmodels::EnrolmentRequest& request, Answer answer) override;

private:
    ReplicaThread& replica_;
    std::string device_name_;
};

} // namespace roadbook::app
