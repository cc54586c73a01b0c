#include "mobile-app/app/live_enroller.hpp"

#include "shared/wire/url.hpp"

namespace roadbook::app {

void LiveEnroller::enrol(const viewmodels::EnrolmentRequest& request, Answer answer)
{
    const auto url = wire::Url::parse(request.server);
    if (!url) return answer(fail(url.error().code, url.error().message, "server"));
    replica_.post([&thread = replica_, request, answer = std::move(answer), server = url->text(), device_name = device_name_](replica::Replica& replica) {
        const auto result = sync::enrol(replica, server, {request.code, {}, {}}, request.trust, device_name);
        thread.tell_screens([answer, result] { answer(result); });
    });
}

} // namespace roadbook::app
