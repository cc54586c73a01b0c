#pragma once
// What is paid out of an approved record: each item once for each approval, over what was approved of it, whatever the record says now.
#include "conflict/merge/endorsement.hpp"
#include "shared/rules/expense_policy.hpp"

namespace roadbook::merge {

/// What an approval comes to: kept in its entry, since the policy that some of it is paid by may change.
struct ApprovedAmounts {
    Money total;
    std::map<ChildId, std::int64_t> by_policy; ///< minor units of the total's currency, of items whose amount the policy says
    bool operator==(const ApprovedAmounts&) const = default;
};

/// Of the report as it is looked at, by the policy that is at hand (null: none). Errors: invalid_value when an item has no amount yet, or the
/// report no currency; too_large.
[[nodiscard]] Result<ApprovedAmounts> amounts_of(const schema::Record& report, const rules::ExpensePolicy* policy);
void write(const ApprovedAmounts& amounts, schema::Fields& entry);
/// The amounts of an entry, if they add up over the report that it is over; nothing: they do not.
[[nodiscard]] std::optional<std::map<ChildId, Money>> approved_items(const schema::Record& report, std::string_view total, std::string_view amounts);

/// One item and its money, in the home currency.
struct ItemPayout {
    ChildId item;
    std::optional<Money> approved;    ///< of the last content that was wholly approved; nothing: the item was not in it
    std::optional<Money> now;         ///< nothing: removed since, or it has no amount
    std::int64_t paid = 0;            ///< minor units
    std::vector<ChildId> payments;    ///< that count
    std::vector<ChildId> paid_again;  ///< made apart for what another payment had paid: to be claimed back
    bool is_settled = false;          ///< this approval of it was paid
    /// What a payment of it is now: less than zero for a credit, or where more was paid than is approved now. 0: none is.
    [[nodiscard]] std::int64_t due() const noexcept { return approved && !is_settled ? approved->minor - paid : 0; }
    /// What was added after the approval: unpaid until it is approved.
    [[nodiscard]] std::int64_t after_approval() const noexcept { return (now ? now->minor : 0) - (approved ? approved->minor : 0); }
};

struct PayoutState {
    std::string currency;
    std::optional<ChildId> approval; ///< the entry that stands for it; nothing: nothing was wholly approved
    bool holds = false;              ///< the record still says what was approved
    std::vector<ItemPayout> items;   ///< by id; also those that were removed
    std::int64_t approved = 0, paid = 0, due = 0, after_approval = 0; ///< minor units
};

/// Empty for a kind without payouts. `policy`: for what was written after the approval. Errors: the document's; too_large.
///
/// CONFLICT: two people pay one item apart. RESOLUTION: the earlier operation counts; the other shows as paid again.
[[nodiscard]] Result<PayoutState> payout_of(const automerge::Document& document, const schema::Kind& kind, const RecordId& id, const automerge::Content& content,
                                            const Endorsements& endorsements, const rules::ExpensePolicy* policy);

/// The state that follows on "approved", for a record that is there; "": it is not.
[[nodiscard]] std::string state_when_paid(const schema::Kind& kind, const schema::Record& record);

/// The id of the server's own payment of an item by an approval. Only the server's actor may make entries under derived ids: two who make one
/// container apart would hide each other's.
[[nodiscard]] ChildId server_payment_id(const RecordId& record, std::string_view item, std::string_view approval);

/// In one change: its bytes are bounded.
inline constexpr std::size_t payments_in_change_max = 50;

/// The entries that pay all that is due; empty: nothing is.
[[nodiscard]] std::vector<schema::Fields> payments_due(const PayoutState& state, std::string_view paid_on, std::string_view reference);

} // namespace roadbook::merge
