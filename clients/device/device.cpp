#include "clients/device/device.h"

#include "clients/core/acts/invitation.h"
#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/sync/enrolment.h"
#include "clients/core/sync/incarnation.h"
#include "clients/device/connection_fault.h"
#include "clients/device/enrolment_call.h"
#include "events/crypto/key_fingerprint.h"
#include "events/log/find_bad_text.h"
#include "platform/clock.h"
#include "platform/random.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

/// A line that has just carried something is tried again within this time.
constexpr std::uint64_t quick_milliseconds = 1'000;
/// From machine to machine; two that name each other are told as an error.
constexpr int moves_max = 4;
constexpr Backoff::Limits when_staying{};
constexpr Backoff::Limits when_somebody_waits{.shortest = std::chrono::milliseconds{200},
                                              .longest = std::chrono::milliseconds{1'000}};

}  // namespace

Device::Device(std::unique_ptr<RocksdbStore> store, const std::filesystem::path& home,
               Replica replica, ServerEndpoint route, ContactNotes notes)
    : store_(std::move(store)),
      files_(home / "files", store_->keyring()),
      replica_(std::move(replica)),
      workspace_(replica_),
      endpoint_(std::move(route)),
      notes_(std::move(notes)) {}

Result<std::unique_ptr<Device>> Device::load(std::unique_ptr<RocksdbStore> store,
                                             const std::filesystem::path& home) {
  Result<Replica> replica = Replica::load(*store);
  if (!replica) return replica.error();
  Result<ServerEndpoint> route = ServerEndpoint::load(*store);
  if (!route) return route.error();
  Result<ContactNotes> notes = load_contact_notes(*store);
  if (!notes) return notes.error();
  std::unique_ptr<Device> device(new Device(std::move(store), home, std::move(*replica),
                                            std::move(*route), std::move(*notes)));
  device->workspace_.set_hidden_name(std::string(projections::hidden_name_vi));
  if (Result<void> heeded = device->apply_lease(); !heeded) return heeded.error();
  return device;
}

Result<std::unique_ptr<Device>> Device::open(const std::filesystem::path& home,
                                             const AskForSecret& ask) {
  Result<std::unique_ptr<RocksdbStore>> store = RocksdbStore::open(home, false);
  if (!store) return store.error();
  return unlock_and_load(std::move(*store), home, ask);
}

Result<std::unique_ptr<Device>> Device::open_to_read(const std::filesystem::path& home,
                                                     const AskForSecret& ask) {
  Result<std::unique_ptr<RocksdbStore>> store = RocksdbStore::open_to_read(home);
  if (!store) return store.error();
  return unlock_and_load(std::move(*store), home, ask);
}

Result<std::unique_ptr<Device>> Device::unlock_and_load(std::unique_ptr<RocksdbStore> store,
                                                        const std::filesystem::path& home,
                                                        const AskForSecret& ask) {
  if (store->keyring().is_locked() && ask) {
    const Result<std::optional<LockSecret>> secret = ask(store->keyring().lock());
    if (!secret) return secret.error();
    if (*secret) {
      if (Result<void> opened = store->unlock(**secret, platform::now()); !opened) {
        return opened.error();
      }
    }
  }
  return load(std::move(store), home);
}

Result<std::unique_ptr<Device>> Device::found(const std::filesystem::path& home,
                                              const std::string& url, const std::string& code,
                                              const std::string& origin,
                                              const events::PersonRecord& administrator,
                                              const std::string& label,
                                              const std::string& authorities) {
  protocol::Founding founding;
  founding.origin = origin;
  Result<events::PrivateRecord> record =
      events::try_make_private_record(platform::random_16(), administrator);
  if (!record) return record.error();
  founding.administrator = std::move(*record);
  return ask_for_chain(home, url, code, label, std::move(founding), authorities);
}

Result<std::unique_ptr<Device>> Device::enrol(const std::filesystem::path& home,
                                              const std::string& url, const std::string& code,
                                              const std::string& label,
                                              const std::string& authorities) {
  return ask_for_chain(home, url, code, label, std::nullopt, authorities);
}

Result<std::unique_ptr<Device>> Device::ask_for_chain(const std::filesystem::path& home,
                                                      const std::string& url,
                                                      const std::string& code,
                                                      const std::string& label,
                                                      std::optional<protocol::Founding> founding,
                                                      const std::string& authorities) {
  const Result<ServerAddress> address = ServerAddress::parse(url);
  if (!address) return address.error();
  const Result<Invitation> invitation = read_invitation(code);
  if (!invitation) return invitation.error();
  Result<std::unique_ptr<RocksdbStore>> store = RocksdbStore::open(home, true);
  if (!store) return store.error();
  Result<std::optional<Identity>> known = (*store)->identity();
  if (!known) return known.error();
  if (*known && (*known)->is_enrolled()) {
    return Error{ErrorCode::invalid_argument,
                 "Thiết bị này đã ghi danh; hãy dùng một thư mục --home khác."};
  }

  // The key is durable before it is sent: a lost answer is asked for again with the same key.
  StoreChange before;
  before.identity = known->value_or(Identity{});
  if (!*known) before.identity->seed = platform::random_seed();
  before.identity->label = label;
  ServerEndpoint::note_server(before, url, authorities);
  if (founding) before.privates.push_back({events::reference_scope, founding->administrator});
  if (Result<void> kept = (*store)->commit(before); !kept) return kept.error();

  const events::SecretSeed seed = before.identity->seed;
  const SeedSigner signer(seed);
  const MakeEnrol make = [&](const std::optional<protocol::ChannelBinding>& binding) {
    return make_enrol(invitation->code, signer, label, founding, binding).value();
  };
  const Result<protocol::Enrolled> enrolled =
      clients::ask_for_chain(*address, {.authorities = authorities}, make);
  if (!enrolled) return enrolled.error();
  if (events::key_fingerprint(enrolled->server_key) != invitation->fingerprint) {
    return Error{ErrorCode::unproved_server, "another key than that of the invitation answers"};
  }
  Result<Identity> identity = identity_from(*enrolled, seed, label);
  if (!identity) return identity.error();
  StoreChange after;
  after.identity = std::move(*identity);
  if (Result<void> kept = (*store)->commit(after); !kept) return kept.error();
  const events::bundle::ClockSample contact{enrolled->server_time, platform::now()};
  if (Result<void> kept = note_contact(**store, contact); !kept) return kept.error();
  ContactNotes notes;
  notes.last_contact = contact.device_time;
  notes.clock_difference_milliseconds = static_cast<std::int64_t>(contact.server_time.value) -
                                        static_cast<std::int64_t>(contact.device_time.value);
  if (Result<void> kept = keep_contact_notes(**store, notes); !kept) return kept.error();
  return load(std::move(*store), home);
}

Result<void> Device::use_server(const std::string& url) {
  const Result<ServerAddress> address = ServerAddress::parse(url);
  if (!address) return address.error();
  return endpoint_.note_move(*store_, url);
}

Result<void> Device::trust(const std::string& authorities) {
  return endpoint_.trust(*store_, authorities);
}

Result<void> Device::leave_chain(const ServerAddress& address, SyncReport& report) {
  const events::ChainNumber old = replica_.identity().chain;
  const Result<protocol::NewChain> request = ask_for_new_chain(replica_, platform::random_seed());
  if (!request) return request.error();
  const MakeEnrol make = [&](const std::optional<protocol::ChannelBinding>&) { return *request; };
  const Result<protocol::Enrolled> enrolled =
      clients::ask_for_chain(address, endpoint_.line(), make);
  if (!enrolled) return enrolled.error();
  if (Result<void> taken = take_new_chain(replica_, *enrolled); !taken) return taken;
  report.left_chain = old;
  return {};
}

Result<ServerAddress> Device::address_of(const std::string& url, bool insecure_plain) const {
  Result<ServerAddress> address = ServerAddress::parse(url.empty() ? endpoint_.url() : url);
  if (!address || address->tls || !endpoint_.demands_tls() || insecure_plain) return address;
  return Error{ErrorCode::not_permitted,
               "Thiết bị này ghi danh qua đường mã hóa (wss://) nên không gửi gì qua địa chỉ không "
               "mã hóa " +
                   url +
                   ": ai ở giữa đường truyền cũng đọc được họ tên. Hãy dùng địa chỉ wss://…; chỉ "
                   "khi thử nghiệm trên chính máy chủ mới thêm --insecure-plain."};
}

Result<ServerAddress> Device::follow_move(const std::string& url) {
  Result<ServerAddress> address = ServerAddress::parse(url);
  if (!address) return address;
  if (endpoint_.demands_tls() && !address->tls) {
    return Error{ErrorCode::not_permitted,
                 "Máy chủ báo đã chuyển tới địa chỉ không mã hóa " + url +
                     "; thiết bị này ghi danh qua đường mã hóa nên không đi theo. Hãy báo người "
                     "quản trị."};
  }
  if (Result<void> kept = endpoint_.note_move(*store_, url); !kept) return kept.error();
  return address;
}

Result<SyncReport> Device::sync(const std::string& url, const SyncOptions& options) {
  Result<ServerAddress> address = address_of(url, options.insecure_plain);
  if (!address) return address.error();
  SyncReport report;
  int moves = 0;
  // A line that carried something comes back: masts are away for some seconds.
  std::chrono::steady_clock::time_point of_use_until{};
  bool is_settling = false;  // A chain was left, and its branch may have to be recorded again.
  Backoff backoff(options.backoff.value_or(options.live ? when_staying : when_somebody_waits));
  for (int attempt = 0;; ++attempt) {
    const std::uint64_t pulled_before = replica_.pull().cursor.position.value;
    const std::uint64_t known_before = replica_.own().verdicts_known();
    const FileProgress files_before = report.files;
    const std::uint64_t parts_before = report.progress.snapshot.parts;
    SyncOptions now = options;
    // What only this copy has goes up before anything else.
    if (is_settling) now.live = false;
    const Meeting meeting = meet(*address, now, report);
    const bool has_answered = meeting.done && meeting.state == SyncState::running;
    if (has_answered && !url.empty() && url != endpoint_.url() && report.moved_to.empty()) {
      if (Result<void> kept = endpoint_.note_answer_at(*store_, url); !kept) return kept.error();
    }
    if (meeting.done) {
      const Result<ContinuedBranches> again = continue_branches(replica_, platform::now());
      if (!again) return again.error();
      report.recorded_again += again->events;
      const bool goes_on = again->branches > 0 || (is_settling && options.live);
      is_settling = again->branches > 0;
      if (!goes_on) return report;
      attempt = -1;
      continue;
    }
    if (meeting.state == SyncState::moved && ++moves <= moves_max) {
      address = follow_move(meeting.moved_to);
      if (!address) return address.error();
      report.moved_to = meeting.moved_to;
      attempt = -1;
      continue;
    }
    report.blocks_returned += std::exchange(report.progress.blocks_returned, 0);
    report.repairing = meeting.state == SyncState::repairing;
    // Other devices have to come first; whoever stays looks again later.
    if (report.repairing && !options.live) return report;
    if (meeting.state == SyncState::forked && report.left_chain.value == 0) {
      if (Result<void> left = leave_chain(*address, report); !left) return left.error();
      is_settling = true;
      attempt = -1;
      continue;
    }

    // A line that is cut again and again still brings everything over, piece by piece.
    const bool moved = replica_.pull().cursor.position.value > pulled_before ||
                       replica_.own().verdicts_known() > known_before ||
                       report.files.bytes_sent > files_before.bytes_sent ||
                       report.files.files_fetched > files_before.files_fetched ||
                       report.progress.snapshot.parts > parts_before;
    if (moved) attempt = 0;
    if (moved) backoff.reset();
    const Error& error = meeting.done.error();
    // What the officer can do something about is told at once.
    const std::optional<ConnectionFault> fault = fault_of(error);
    const bool hopeless = fault && fault != ConnectionFault::upgrade_cut && !options.live;
    const bool again = meeting.state == SyncState::reconnect || (may_pass(error.code) && !hopeless);
    const auto now_is = std::chrono::steady_clock::now();
    if (moved) of_use_until = now_is + options.patience_after_use;
    if (!again || (attempt >= options.retries && now_is >= of_use_until)) return error;
    if (options.keep_going && !options.keep_going()) return report;
    if (meeting.state == SyncState::reconnect) continue;
    const bool was_cut_at_work = moved && !report.progress.synced();
    const std::uint64_t random = platform::random_number();
    const std::chrono::milliseconds rest =
        was_cut_at_work && meeting.retry_after.count() == 0
            ? std::chrono::milliseconds(random % quick_milliseconds)
            : backoff.next(random, meeting.retry_after);
    if (options.on_cut) options.on_cut(error, rest);
    pause(rest, options);
  }
}

}  // namespace clients
