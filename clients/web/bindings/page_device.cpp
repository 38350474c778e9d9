#include "clients/web/bindings/page_device.h"

#include "clients/core/acts/invitation.h"
#include "clients/core/files/file_sync.h"
#include "clients/core/sync/enrolment.h"
#include "clients/core/sync/incarnation.h"
#include "clients/core/sync/meeting_notes.h"
#include "clients/core/sync/scope_state.h"
#include "clients/core/sync/sync_engine.h"
#include "clients/web/bindings/audience.h"
#include "events/crypto/key_fingerprint.h"
#include "projections/texts/texts.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace clients::web {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

/// Pieces of files between two looks at what else there is.
constexpr int pieces_at_once = 4;

}  // namespace

PageDevice::PageDevice(RowKeyring::Random random)
    : random_(std::move(random)),
      keys_(rows_, random_),
      store_(rows_, keys_),
      files_(rows_, keys_) {}

std::array<std::uint8_t, 16> PageDevice::draw_salt() const {
  const std::array<std::uint8_t, 32> drawn = random_();
  std::array<std::uint8_t, 16> salt{};
  std::copy_n(drawn.begin(), salt.size(), salt.begin());
  return salt;
}

// ---- rows and keys ----

Result<void> PageDevice::open(events::Timestamp now) {
  if (Result<void> loaded = keys_.load(); !loaded) return loaded;
  return load(now);
}

Result<void> PageDevice::unlock(const events::SecretKey& master, events::Timestamp now) {
  if (Result<void> unlocked = keys_.unlock(master); !unlocked) return unlocked;
  return load(now);
}

Result<void> PageDevice::lock(events::Timestamp now) {
  keys_.lock();
  files_.forget();
  people_.clear();
  return load(now);
}

Result<void> PageDevice::load(events::Timestamp now) {
  hang_up();
  workspace_.reset();
  replica_.reset();
  people_.clear();
  forget_views();
  const Result<std::optional<Identity>> identity = store_.identity();
  if (!identity) return identity.error();
  if (!*identity || !(*identity)->is_enrolled()) return {};
  Result<Replica> replica = Replica::load(store_, has_acts ? &Overlay::judge_own : nullptr);
  if (!replica) return replica.error();
  replica_ = std::make_unique<Replica>(std::move(*replica));
  workspace_.emplace(*replica_);
  workspace_->set_hidden_name(std::string(projections::hidden_name_vi));
  Result<ContactNotes> notes = load_contact_notes(store_);
  if (!notes) return notes.error();
  notes_ = std::move(*notes);
  return apply_lease(now);
}

Result<void> PageDevice::apply_lease(events::Timestamp now) {
  const Result<ScopeState> scope = ScopeState::load(*replica_);
  if (!scope) return scope.error();
  replica_->hide_privates(scope->lease_is_over(now, notes_.last_contact));
  is_revoked_ = scope->grant() && scope->grant()->revoked;
  lease_end_ = scope->grant() ? scope->grant()->valid_until : events::Timestamp{};
  return {};
}

Result<void> PageDevice::heed_clock(events::Timestamp now) {
  today_ = events::day_in_vietnam(now);
  const bool may_have_ended = replica_ && lease_end_.value != 0 && lease_end_ < now;
  if (!may_have_ended || replica_->hides_privates()) return {};
  return apply_lease(now);
}

// ---- enrolment ----

Result<protocol::Message> PageDevice::ask_for_chain(std::string_view invitation, std::string label,
                                                    const DeviceKey& fresh) {
  const Result<Invitation> read = read_invitation(invitation);
  if (!read) return read.error();
  Result<std::optional<Identity>> known = store_.identity();
  if (!known) return known.error();
  if (*known && (*known)->is_enrolled()) {
    return Error{ErrorCode::not_permitted, "this device is enrolled already"};
  }
  // The key is durable before it is sent: a lost answer is asked for again with the same key.
  StoreChange before;
  before.identity = known->value_or(Identity{});
  DeviceKey key = before.identity->key();
  // A pair of before may be gone with the browser's store.
  if (key.seed == events::SecretSeed{}) key = drawn_unless(fresh);
  before.identity->set_key(key);
  before.identity->label = label;
  if (Result<void> kept = store_.commit(before); !kept) return kept.error();
  fingerprint_ = read->fingerprint;
  const std::unique_ptr<const Signer> signer = store_.signer_of(key);
  const auto request = make_enrol(read->code, *signer, std::move(label), std::nullopt);
  if (!request) return request.error();
  request_ = *request;
  return *request_;
}

Result<void> PageDevice::take_chain(const protocol::Message& answer, events::Timestamp now) {
  if (const auto* const refused = std::get_if<protocol::ErrorFrame>(&answer)) {
    return Error{refused->code, refused->message};
  }
  const auto* const enrolled = std::get_if<protocol::Enrolled>(&answer);
  if (enrolled == nullptr || !request_) {
    return Error{ErrorCode::closed, "the server did not answer what was asked"};
  }
  if (Result<void> checked = check_enrolled(*enrolled, *request_); !checked) return checked;
  if (events::key_fingerprint(enrolled->server_key) != fingerprint_) {
    return Error{ErrorCode::unproved_server, "another key than that of the invitation answers"};
  }
  const Result<std::optional<Identity>> known = store_.identity();
  if (!known) return known.error();
  if (!*known) return Error{ErrorCode::storage_corrupt, "the key that asked is not here"};
  Result<Identity> identity = identity_from(*enrolled, (*known)->key(), (*known)->label);
  if (!identity) return identity.error();
  StoreChange after;
  after.identity = std::move(*identity);
  if (Result<void> kept = store_.commit(after); !kept) return kept;
  if (Result<void> kept = note_contact(store_, {enrolled->server_time, now}); !kept) return kept;
  ContactNotes notes;
  notes.last_contact = now;
  notes.clock_difference_milliseconds =
      static_cast<std::int64_t>(enrolled->server_time.value) - static_cast<std::int64_t>(now.value);
  if (Result<void> kept = keep_contact_notes(store_, notes); !kept) return kept;
  request_.reset();
  return load(now);
}

// ---- another chain ----

DeviceKey PageDevice::drawn_unless(const DeviceKey& fresh) const {
  return fresh.is_none() ? DeviceKey{events::SecretSeed{random_()}} : fresh;
}

Result<protocol::Message> PageDevice::ask_for_new_chain(const DeviceKey& fresh) {
  hang_up();
  const Result<protocol::NewChain> request =
      clients::ask_for_new_chain(*replica_, drawn_unless(fresh));
  if (!request) return request.error();
  request_ = *request;
  return *request_;
}

Result<void> PageDevice::take_new_chain(const protocol::Message& answer, events::Timestamp now) {
  if (const auto* const refused = std::get_if<protocol::ErrorFrame>(&answer)) {
    return Error{refused->code, refused->message};
  }
  const auto* const enrolled = std::get_if<protocol::Enrolled>(&answer);
  if (enrolled == nullptr || !request_) {
    return Error{ErrorCode::closed, "the server did not answer what was asked"};
  }
  if (Result<void> checked = check_enrolled(*enrolled, *request_); !checked) return checked;
  if (Result<void> taken = clients::take_new_chain(*replica_, *enrolled); !taken) return taken;
  request_.reset();
  return load(now);
}

Result<void> PageDevice::settle(events::Timestamp now) {
  const Result<ContinuedBranches> again = continue_branches(*replica_, now);
  if (!again) return again.error();
  if (again->events != 0) forget_views();
  return {};
}

// ---- without a line ----

Result<events::SealingSecret> PageDevice::sealing_secret() {
  constexpr const char* name = "courier.key";
  const Result<std::optional<events::SecretSeed>> known = keys_.seed(name);
  if (!known) return known.error();
  if (*known) return events::SealingSecret{(*known)->bytes};
  const events::SecretSeed drawn{random_()};
  if (Result<void> kept = keys_.keep_seed(name, drawn); !kept) return kept.error();
  return events::SealingSecret{drawn.bytes};
}

Result<events::Bytes> PageDevice::export_unsent(events::Timestamp now) {
  const Result<events::SealingSecret> secret = sealing_secret();
  if (!secret) return secret.error();
  if (!making_ || making_->now != now) {
    making_.emplace();
    making_->now = now;
    making_->nonce = draw_salt();
    making_->ephemeral = events::SealingSecret{random_()};
    making_->reply_to = events::sealing_key_of(*secret);
  }
  events::Bytes bundle;
  const auto append = [&](events::ByteView bytes) -> Result<void> {
    events::append_bytes(bundle, bytes);
    return {};
  };
  const Result<ExportReport> report = export_bundle(*replica_, *making_, append);
  if (!report) return report.error();
  making_.reset();
  return bundle;
}

Result<void> PageDevice::import_answer(events::ByteView file, events::Timestamp now) {
  const Result<events::SealingSecret> secret = sealing_secret();
  if (!secret) return secret.error();
  events::bundle::MemorySource source(file);
  const Result<ImportReport> report = import_bundle(*replica_, files_, source, *secret, now);
  // Nothing is said here: the next connection has signed what it says.
  signatures().clear();
  forget_views();
  if (!report) return report.error();
  return {};
}

// ---- the connection ----

Result<PullEngine::Frames> PageDevice::greet(Carrier carrier, const Moment& moment) {
  if (!is_enrolled()) return Error{ErrorCode::not_enrolled, "this device is not enrolled yet"};
  const bool is_live = carrier == Carrier::live_socket;
  if constexpr (has_acts) {
    engine_ = std::make_unique<SyncEngine>(*replica_, is_live);
  } else {
    engine_ = std::make_unique<PullEngine>(*replica_, is_live);
  }
  engine_->speak_as_page();
  engine_->speak_of_files();
  engine_->keep_files(files_);
  const bool goes_on = is_exchange_ && carrier == Carrier::exchange;
  if (!goes_on || !file_sync_) {
    if constexpr (has_acts) {
      file_sync_ = std::make_unique<FileSync>(*replica_, files_);
    } else {
      file_sync_ = std::make_unique<FileFetch>(*replica_, files_);
    }
  }
  is_exchange_ = carrier == Carrier::exchange;
  is_turn_of_files_ = false;
  may_turn_ = is_exchange_ && is_proved_;
  said_ = 0;
  const Result<std::vector<Branch>> branches = store_.branches();
  if (!branches) return branches.error();
  const bool is_settled =
      std::all_of(branches->begin(), branches->end(), [](const Branch& b) { return b.continued; });
  if (is_settled) engine_->accept_snapshots();
  if (carrier != Carrier::exchange) {
    is_proved_ = false;
    challenge_.reset();
  } else if (is_proved_) {
    engine_->go_on(challenge_);
  }
  Result<PullEngine::Frames> frames = engine_->start(moment.now, draw_salt());
  if (!frames) return frames;
  if (Result<void> added = add_turn(*frames, moment); !added) return added.error();
  return frames;
}

/// Own events go alone, before files: an exchange carries files behind nothing but its greeting.
Result<void> PageDevice::add_turn(PullEngine::Frames& frames, const Moment& moment) {
  said_ += frames.size();
  const std::size_t greeting_frames = challenge_ ? 2 : 1;
  if (!may_turn_ || engine_->owes() || said_ != greeting_frames) return {};
  may_turn_ = false;
  Result<PullEngine::Frames> files = file_sync_->next_turn(moment.steady);
  if (!files) return files.error();
  for (protocol::Message& frame : *files) frames.push_back(std::move(frame));
  is_turn_of_files_ = true;
  return {};
}

bool PageDevice::needs_whole_module() const {
  const Result<FileRecords::Names> asked = FileRecords(replica_->store()).asked();
  return is_asked_to_repair_ || replica_->own().head().seq != 0 || (asked && !asked->empty());
}

void PageDevice::hang_up() {
  engine_.reset();
  file_sync_.reset();
  files_.stop_asking();
}

bool PageDevice::may_speak_of_files() const {
  return engine_ && file_sync_ && engine_->state() == SyncState::running &&
         !engine_->progress().repairing;
}

Result<void> PageDevice::add_pieces(PullEngine::Frames& frames, const Moment& moment) {
  // What waits for a signature goes before the next piece.
  if (!may_speak_of_files() || is_exchange_ || engine_->owes()) return {};
  for (int count = 0; count < pieces_at_once; ++count) {
    Result<std::optional<protocol::Message>> piece = file_sync_->next(moment.steady);
    if (!piece) return piece.error();
    if (!*piece) break;
    frames.push_back(std::move(**piece));
  }
  return {};
}

Result<PullEngine::Frames> PageDevice::take(const std::vector<protocol::Message>& frames,
                                            std::size_t bytes, const Moment& moment) {
  if (!engine_) return Error{ErrorCode::closed, "there is no connection"};
  PullEngine::Frames answers;
  for (const protocol::Message& frame : frames) {
    Result<PullEngine::Frames> answer = take_one(frame, moment);
    if (!answer) return answer;
    for (protocol::Message& each : *answer) answers.push_back(std::move(each));
  }
  if (!is_exchange_) {
    file_sync_->received(bytes);
    if (Result<void> added = add_pieces(answers, moment); !added) return added.error();
    return answers;
  }
  if (std::exchange(is_turn_of_files_, false)) file_sync_->end_turn(moment.steady);
  if (may_speak_of_files()) {
    if (Result<void> looked = file_sync_->look_ahead(); !looked) return looked.error();
  }
  return answers;
}

Result<PullEngine::Frames> PageDevice::take_one(const protocol::Message& frame,
                                                const Moment& moment) {
  const events::Timestamp now = moment.now;
  // Before the server has proved itself no frame is taken for what it says.
  if (FileFetch::takes(frame) && engine_->state() != SyncState::greeting) {
    if (Result<void> taken = file_sync_->on_message(frame, moment.steady); !taken) {
      return taken.error();
    }
    return PullEngine::Frames{};
  }
  const bool was_greeted = engine_->state() == SyncState::running;
  Result<PullEngine::Frames> answer = engine_->on_message(frame, now);
  forget_views();
  if (!has_acts && engine_->state() == SyncState::repairing) is_asked_to_repair_ = true;
  if (!was_greeted && engine_->state() == SyncState::running) {
    const auto server = static_cast<std::uint64_t>(static_cast<std::int64_t>(now.value) +
                                                   engine_->clock_difference_milliseconds());
    Result<void> kept = note_contact(store_, {events::Timestamp{server}, now});
    if (!kept) return kept.error();
    is_proved_ = true;
    challenge_ = engine_->challenge();
  }
  const Result<void> done = answer ? Result<void>{} : Result<void>(answer.error());
  if (Result<void> noted = note_meeting(done, now); !noted && answer) return noted.error();
  return answer;
}

Result<PullEngine::Frames> PageDevice::push_new(const Moment& moment) {
  if (!engine_) return PullEngine::Frames{};
  Result<PullEngine::Frames> frames = engine_->push_new(moment.now);
  if (!frames) return frames;
  Result<void> added = is_exchange_ ? add_turn(*frames, moment) : add_pieces(*frames, moment);
  if (!added) return added.error();
  return frames;
}

Result<void> PageDevice::note_meeting(const Result<void>& done, events::Timestamp now) {
  ContactNotes notes = notes_;
  // What only the clock changed is not worth a write for each frame.
  const bool was_told = now.value - notes.last_contact.value < 1'000;
  if (was_told && done && !engine_->progress().synced()) return {};
  if (Result<void> kept = clients::note_meeting(store_, notes, *engine_, done, now); !kept) {
    return kept;
  }
  notes_ = std::move(notes);
  return apply_lease(now);
}

// ---- views ----

const PeopleIndex& PageDevice::people() {
  // What was read while it was allowed is not shown after it.
  if (replica_->hides_privates()) people_.clear();
  people_.refresh(*workspace_);
  return people_;
}

Result<const ScoreSheets*> PageDevice::sheets() {
  if (!sheets_) {
    Result<ScoreSheets> read = current_sheets(*replica_);
    if (!read) return read.error();
    sheets_ = std::move(*read);
  }
  return &*sheets_;
}

}  // namespace clients::web
