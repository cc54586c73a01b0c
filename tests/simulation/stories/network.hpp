#pragma once
// The network of a stage: frames in queues, moved one at a time, and cut after any of them.
#include "mobile-app/sync/surrendering.hpp"
#include "mobile-app/sync/sync_client.hpp"
#include "tests/simulation/stories/stage.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace roadbook::simulation::stories {

/// Which way a frame goes next and when the server commits is chance; the same `seed` makes the same choices.
/// Ownership: borrows the stage; the server is not told when it goes. A machine that loses power is started again at once; its links are cut.
class Network {
public:
    Network(Stage& stage, std::uint64_t seed) : stage_{stage}, chance_{seed} {}

    /// The link that moves frame `number` (from 1) is cut right after it: what is under way on it is lost. 0: none is.
    void cut_after(std::int64_t number) noexcept { cut_after_ = number; }
    [[nodiscard]] std::int64_t frames() const noexcept { return frames_; }
    [[nodiscard]] std::int64_t cuts() const noexcept { return cuts_; }

    /// Connects, exchanges all that both have, hangs up. False: the link was lost on the way. A device that was revoked hands over its edits.
    bool visit(Device& device);
    /// All of them are connected at the same time and hear of each other's edits at once, until nobody has anything to say.
    void meet(const std::vector<Device*>& devices);

private:
    struct Link {
        std::variant<std::unique_ptr<sync::SyncClient>, std::unique_ptr<sync::Surrendering>> client;
        server::ConnectionId connection = 0;
        std::deque<Bytes> up, down; ///< an empty one in `down` stands for the close
    };
    void guard(const std::function<void()>& act);
    void connect(Device& device);
    template <class Client>
    void dial(Device& device, std::unique_ptr<Client> client);
    void hang_up(Device& device);
    std::optional<Link> drop(Device& device);
    /// One frame, one way. False: nothing was under way.
    bool step(Device& device);
    bool move_one(Device& device, Link& link);
    void deliver_down(Device& device, Link& link);
    void run_server(bool may_wait);
    void recover();
    bool is_linked(const Device& device) const { return links_.contains(device.name()); }

    Stage& stage_;
    Chance chance_;
    std::map<std::string, Link> links_;
    std::int64_t frames_ = 0;
    std::int64_t cuts_ = 0;
    std::int64_t cut_after_ = 0;
};

} // namespace roadbook::simulation::stories
