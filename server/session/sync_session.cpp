#include "server/session/sync_session.h"

#include "events/packing/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "server/session/wire_error.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>

// What all conversations share: input in its order, output by class, time.  Each conversation has a
// source of its own, by the name that it has in clients/core/sync: greeting, push, pull, files,
// repair, snapshot, scope, summary.

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

std::uint8_t kind_of_message(const protocol::Message& message) {
  return std::visit([]<class T>(const T&) { return kind_of<T>; }, message);
}

/// Pulled frames in one message, for readers whose line may be slow.
constexpr std::size_t bulk_lot_bytes = 4 * 1024;

bool is_greeting(const protocol::Message& message) {
  return std::holds_alternative<protocol::Hello>(message) ||
         std::holds_alternative<protocol::Enrol>(message) ||
         std::holds_alternative<protocol::NewChain>(message) ||
         std::holds_alternative<protocol::ErrorFrame>(message);
}

bool is_answer(const protocol::Message& message) {
  return std::holds_alternative<protocol::Answer>(message) ||
         std::holds_alternative<protocol::ErrorFrame>(message);
}

}  // namespace

SyncSession::SyncSession(const events::EventLog& log, const events::PrivateStore& private_store,
                         PackedBlocks& packed, std::uint64_t number,
                         std::optional<BundleTransit> transit)
    : log_(log),
      private_store_(private_store),
      packed_(packed),
      number_(number),
      transit_(std::move(transit)),
      in_turns_(transit_.has_value()),
      snapshots_(log, private_store) {}

// ---- input ----

Requests SyncSession::on_bytes(events::ByteView bytes, events::Timestamp now) {
  std::vector<protocol::Message> good;
  Result<std::vector<protocol::Message>> messages = protocol::read_frames(bytes, &good);
  if (messages) good = std::move(*messages);
  for (protocol::Message& message : good) parked_.push_back(std::move(message));
  Requests requests = serve_parked(now);
  if (!messages) fail(messages.error(), bytes.empty() ? std::uint8_t{0} : bytes.front());
  return requests;
}

Requests SyncSession::on_message(protocol::Message message, events::Timestamp now) {
  parked_.push_back(std::move(message));
  return serve_parked(now);
}

bool SyncSession::may_serve() const {
  const bool waits_for_answer =
      state_ == State::admitting || state_ == State::enrolling || is_repairing_;
  return !waits_for_answer && !held_until_ && state_ != State::closing &&
         in_flight_.size() < runs_in_flight_max && answers_.bytes() < waiting_answer_bytes_max &&
         (!files_ || files_->has_room()) && !(in_turns_ && files_ && files_->is_settling());
}

void SyncSession::charge(Work work, std::size_t count, events::Timestamp now) {
  if (budgets_ == nullptr) return;
  const auto until = budgets_->charge(hello_.chain, work, count, now);
  if (!until) return;
  held_until_ = std::max(held_until_.value_or(*until), *until);
  held_since_ = now;
}

void SyncSession::end_hold(events::Timestamp now) {
  // A clock that was set back would hold for as long as it was wrong.
  if (held_until_ && (now >= *held_until_ || now < held_since_)) held_until_.reset();
}

bool SyncSession::must_wait(const protocol::Message& message) const {
  if (!in_turns_ || !files_ || !std::holds_alternative<protocol::BlobOffer>(message)) return false;
  // The events that name the files go before them, and so do the files before it.
  return !in_flight_.empty() || files_->is_crowded();
}

bool SyncSession::wants_input() const { return may_serve() && parked_.empty(); }

Requests SyncSession::serve_parked(events::Timestamp now) {
  last_heard_ = now;
  end_hold(now);
  Requests requests;
  while (!parked_.empty() && may_serve() && !must_wait(parked_.front())) {
    protocol::Message message = std::move(parked_.front());
    parked_.pop_front();
    if (state_ == State::greeting && !is_greeting(message)) {
      fail({ErrorCode::not_permitted, "HELLO or ENROL comes first"}, kind_of_message(message));
      break;
    }
    if (moved_) {
      tell_new_address(message);
      break;
    }
    if (state_ == State::challenged && !is_answer(message)) {
      refuse_unanswered(kind_of_message(message));
      break;
    }
    std::visit([&](auto& each) { serve(std::move(each), requests); }, message);
  }
  return requests;
}

void SyncSession::tell_new_address(const protocol::Message& greeting) {
  if (!std::holds_alternative<protocol::Hello>(greeting)) {
    return fail({ErrorCode::unsupported, "the log has moved to " + moved_->address},
                kind_of_message(greeting));
  }
  say(*moved_);
  goodbye(protocol::GoawayReason::shutting_down, 0);
}

template <class T>
void SyncSession::serve(T /*unexpected*/, Requests& /*requests*/) {
  fail({ErrorCode::unsupported, "a device does not send this kind of frame"}, kind_of<T>);
}

void SyncSession::serve(protocol::ErrorFrame /*error*/, Requests& /*requests*/) {
  state_ = State::closing;
}

// ---- output ----

void SyncSession::say(protocol::Message message) {
  if (auto* const error = std::get_if<protocol::ErrorFrame>(&message)) {
    withhold(error->code, error->message);
    if (state_ != State::open) refusal_ = Error{error->code, error->message};
  } else if (auto* const nak = std::get_if<protocol::PushNak>(&message)) {
    withhold(nak->reason, nak->message);
  }
  answers_.push(message);
}

void SyncSession::withhold(ErrorCode code, std::string& text) {
  if (!is_internal(code)) return;
  withheld_ = Error{code, std::move(text)};
  text = wire_error(*withheld_).message;
}

void SyncSession::goodbye(protocol::GoawayReason reason, std::uint32_t retry_after_milliseconds) {
  if (state_ == State::closing) return;
  say(protocol::Goaway{reason, retry_after_milliseconds});
  state_ = State::closing;
}

void SyncSession::fail(const Error& error, std::uint8_t about) {
  if (state_ == State::closing) return;
  say(protocol::ErrorFrame{error.code, about, error.message});
  state_ = State::closing;
}

events::Bytes SyncSession::pump(std::size_t max_bytes) {
  using protocol::FrameClass;
  protocol::ReadyClasses ready = ready_classes();
  events::Bytes out = answers_.take(max_bytes);
  scheduler_.sent(FrameClass::control, out.size(), ready);
  // Answers do not wait for credit, but they take room as well.
  credit_ -= static_cast<std::int64_t>(out.size());
  if (!answers_.empty() || state_ != State::open) return out;

  // A frame is at most this long, so one more always fits.
  constexpr std::size_t frame_size_max = protocol::frame_bytes_max + 4;
  // What waits in the kernel cannot be overtaken, so a device gets its pulls in small lots.
  const std::size_t lot = returns_credit() ? bulk_lot_bytes : max_bytes;
  while (out.empty() || (out.size() < lot && out.size() + frame_size_max <= max_bytes)) {
    const std::optional<FrameClass> chosen = scheduler_.next(ready);
    if (!chosen) break;
    Result<std::optional<events::Bytes>> frame = next_frame(*chosen);
    if (!frame) {
      if (frame.error().code == ErrorCode::closed) {
        goodbye(protocol::GoawayReason::replaced, 0);
      } else {
        fail(frame.error(), 0);
      }
      return out.empty() ? pump(max_bytes) : out;
    }
    if (!*frame) {
      ready.remove(*chosen);
      continue;
    }
    scheduler_.sent(*chosen, (*frame)->size(), ready);
    credit_ -= static_cast<std::int64_t>((*frame)->size());
    events::append_bytes(out, **frame);
    if (returns_credit() && credit_ <= 0) break;
  }
  return out;
}

protocol::ReadyClasses SyncSession::ready_classes() const {
  protocol::ReadyClasses ready;
  if (state_ != State::open || held_until_ || asks_for_rights_) return ready;
  if (returns_credit() && credit_ <= 0) return ready;
  // Blocks that the reader missed are back-fill; once it has everything, they are live.
  ready.add(puller_->is_caught_up() ? protocol::FrameClass::live_events
                                    : protocol::FrameClass::back_fill);
  if (files_ && files_->has_piece(events::FilePart::thumbnail)) {
    ready.add(protocol::FrameClass::thumbnails);
  }
  if (files_ && files_->has_piece(events::FilePart::original)) {
    ready.add(protocol::FrameClass::originals);
  }
  return ready;
}

Result<std::optional<events::Bytes>> SyncSession::next_frame(protocol::FrameClass of) {
  if (of == protocol::FrameClass::live_events || of == protocol::FrameClass::back_fill) {
    return next_pulled();
  }
  const events::FilePart part = of == protocol::FrameClass::thumbnails ? events::FilePart::thumbnail
                                                                       : events::FilePart::original;
  std::optional<protocol::BlobChunk> piece = files_->next_piece(part, protocol::slow_piece_bytes);
  if (!piece) return std::optional<events::Bytes>{};
  return std::optional{protocol::encode_frame(*piece)};
}

// ---- time ----

Requests SyncSession::end_rights(events::Timestamp now) {
  // A role ends on its day, also for whoever stays connected over midnight.
  if (state_ != State::open || !admission_.valid_until || *admission_.valid_until > now) return {};
  admission_.valid_until.reset();  // Asked once; the answer brings the next.
  asks_for_rights_ = true;
  return recheck();
}

Requests SyncSession::on_time(events::Timestamp now) {
  if (state_ != State::open) return {};
  Requests requests;
  if (held_until_) requests = serve_parked(now);
  if (state_ != State::open) return requests;
  std::ranges::move(end_rights(now), std::back_inserter(requests));
  if (asks_for_rights_ || !answers_.empty()) return requests;
  auto question = summaries_.next_question(admission_.rights.scope, log_.head().position, now);
  if (question) requests.push_back(AskSummary{std::move(*question)});
  return requests;
}

std::optional<events::Timestamp> SyncSession::due() const {
  if (state_ != State::open) return std::nullopt;
  const std::optional<events::Timestamp> summary = summaries_.due(log_.head().position);
  std::optional<events::Timestamp> first;
  for (const auto& each : {summary, admission_.valid_until, held_until_}) {
    if (each) first = std::min(first.value_or(*each), *each);
  }
  return first;
}

}  // namespace server
