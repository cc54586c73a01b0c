#pragma once
// Who may come in: codes, passwords, revocations, people who leave, and what their devices handed over.
#include "sync-server/app/administer.hpp"
#include "sync-server/session/hub.hpp"

#include <istream>

namespace roadbook::server {

[[nodiscard]] Result<Answer> make_code(Hub& hub, const CodeCall& call);
/// The password is the first line of `in`.
[[nodiscard]] Result<Answer> set_password(Hub& hub, const PasswordCall& call, std::istream& in);
[[nodiscard]] Result<Answer> revoke(Hub& hub, const RevokeCall& call);
[[nodiscard]] Result<Answer> readmit(Hub& hub, const ReadmitCall& call);
[[nodiscard]] Result<Answer> say_goodbye(Hub& hub, const LeaverCall& call);
[[nodiscard]] Result<Answer> list_surrendered(Hub& hub);
[[nodiscard]] Result<Answer> settle_surrendered(Hub& hub, const SurrenderedSettleCall& call);

} // namespace roadbook::server
