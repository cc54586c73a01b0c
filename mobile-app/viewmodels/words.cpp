#include "mobile-app/viewmodels/words.hpp"

#include <QCoreApplication>

namespace roadbook::viewmodels {
namespace {

struct Failure {
    Q_DECLARE_TR_FUNCTIONS(Failure)
};

FailureWords link_words(Errc code)
{
    switch (code) {
    case Errc::tls_failed:
        return {Failure::tr("This server could not prove who it is"),
                Failure::tr("Nothing was sent. Compare the fingerprint with the one your administrator gave you.")};
    case Errc::upgrade_refused:
    case Errc::bad_frame:
        return {Failure::tr("There is something else at this address"),
                Failure::tr("It answered, but not as a Roadbook server. Check the address.")};
    case Errc::unsupported_version:
        return {Failure::tr("App and server are of different versions"),
                Failure::tr("Your work is safe on this device. Update the app, then sync again.")};
    case Errc::server_busy:
        return {Failure::tr("The server is busy"),
                Failure::tr("Your work is safe on this device. The app tries again by itself.")};
    default:
        return {Failure::tr("The server cannot be reached"),
                Failure::tr("Your work is safe on this device. Check the network and the address; the app keeps trying.")};
    }
}

FailureWords access_words(Errc code)
{
    if (code == Errc::bad_code)
        return {Failure::tr("This code does not work"),
                Failure::tr("It is mistyped, used or expired. Ask your administrator for a new one.")};
    if (code == Errc::locked)
        return {Failure::tr("This device is locked"),
                Failure::tr("All that you saved is safe. It needs its PIN, or a sync with the server if that has not been seen for too long.")};
    if (code == Errc::revoked)
        return {Failure::tr("This device has no access any more"),
                Failure::tr("What was not sent yet was handed over, and the records were erased here. Ask your administrator to enrol it again.")};
    return {Failure::tr("This device has no access any more"),
            Failure::tr("What you saved stays on this device. Ask your administrator to enrol it again.")};
}

FailureWords storage_words(Errc code)
{
    switch (code) {
    case Errc::storage_full:
        return {Failure::tr("This device is full"),
                Failure::tr("Nothing was saved just now; all that was saved before is safe. Free some space and save again.")};
    case Errc::storage_busy:
        return {Failure::tr("Roadbook is already open"),
                Failure::tr("Another window or program uses this data folder. Close it, then start again.")};
    case Errc::newer_file:
        return {Failure::tr("This data is from a newer version"),
                Failure::tr("It was not touched. Update the app to open it.")};
    default:
        return {Failure::tr("The data on this device cannot be read"),
                Failure::tr("What the server has is safe. Keep this device as it is and ask your administrator for help.")};
    }
}

FailureWords edit_words(Errc code)
{
    switch (code) {
    case Errc::not_allowed:
        return {Failure::tr("You may not change this"),
                Failure::tr("Nothing was changed. Ask somebody who may, such as your manager.")};
    case Errc::invalid_value:
    case Errc::too_large:
        return {Failure::tr("This value does not fit"), Failure::tr("Nothing was saved yet. Correct the marked field.")};
    case Errc::not_found:
        return {Failure::tr("This is no longer on this device"),
                Failure::tr("It was handed over or removed. What you saved before has been kept.")};
    case Errc::outbox_full:
        return {Failure::tr("Too much is waiting to be sent"),
                Failure::tr("All of it is safe. Sync once, then go on.")};
    default:
        return {Failure::tr("Something went wrong in the app"),
                Failure::tr("What you saved before is safe. Try again; if it stays, show the details to your administrator.")};
    }
}

} // namespace

FailureWords words_for(Errc code)
{
    switch (code) {
    case Errc::tls_failed:
    case Errc::upgrade_refused:
    case Errc::bad_frame:
    case Errc::unsupported_version:
    case Errc::server_busy:
    case Errc::link_lost:
    case Errc::timed_out: return link_words(code);
    case Errc::bad_code:
    case Errc::bad_token:
    case Errc::locked:
    case Errc::revoked: return access_words(code);
    case Errc::storage_full:
    case Errc::storage_busy:
    case Errc::storage_damaged:
    case Errc::file_unreadable:
    case Errc::newer_file: return storage_words(code);
    default: return edit_words(code);
    }
}

} // namespace roadbook::viewmodels
