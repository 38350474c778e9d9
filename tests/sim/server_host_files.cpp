#include "tests/sim/server_host.h"
#include "tests/sim/violation.h"

#include <string>
#include <utility>

// What the server does with files of evidence: server/files/file_service.cpp and
// server/channels/session_driver.cpp without their threads.

namespace sim {

using events::Timestamp;
namespace protocol = events::protocol;

bool ServerHost::serve_file(std::uint64_t number, server::FileRequest request, Timestamp now) {
  const server::FileTransfers desk(files_);
  if (const auto* const find = std::get_if<server::FindFile>(&request)) {
    if (Connection* const connection = find_open(number)) {
      const auto facts = pipeline_->file_facts(find->name);
      enqueue(number, connection->session->on_file_found(find->name, facts, clock_.wall(now)));
    }
    return true;
  }
  if (const auto* const wish = std::get_if<server::AwaitFile>(&request)) {
    wants_->note(wish->facts);
    return true;
  }
  if (const auto* const read = std::get_if<server::ReadFile>(&request)) {
    if (Connection* const connection = find_open(number)) {
      enqueue(number, connection->session->on_file_read(read->facts.name, read->offset,
                                                        desk.read(read->facts, read->offset)));
    }
    return true;
  }
  return store_file(number, std::move(request), now);
}

ServerHost::Connection* ServerHost::find_open(std::uint64_t number) {
  Connection* const connection = find(number);
  return connection != nullptr && connection->session->is_open() ? connection : nullptr;
}

bool ServerHost::store_file(std::uint64_t number, server::FileRequest request, Timestamp now) {
  server::FileTransfers desk(files_);
  Stored stored{.session = number, .said = {}, .piece_bytes = {}};
  if (const auto* const offer = std::get_if<server::OfferFile>(&request)) {
    stored.said = desk.offer(offer->chain, offer->facts, offer->proof);
    note_offer(stored.said);
  } else if (const auto* const piece = std::get_if<server::StorePiece>(&request)) {
    stored.said = desk.put(piece->piece);
    stored.piece_bytes = piece->piece.bytes.size();
    if (stored.said.state.reason == events::ErrorCode::storage_corrupt) {
      tally_.count(Happening::file_refused);
    }
  }
  if (stored.said.is_complete) static_cast<void>(files_.dies_before_said());
  if (file_crashed()) {
    restart();
    return false;
  }
  if (stored.said.is_complete) {
    to_say_.push_back(std::move(stored));
  } else {
    answer(stored, now);
  }
  return true;
}

void ServerHost::note_offer(const server::FileTransfers::Answer& said) {
  if (said.is_complete) tally_.count(Happening::file_proved);
  if (said.state.status != protocol::FileStatus::wanted) return;
  const bool has_begun = said.state.begun_bytes > 0 || (said.state.missing.front() & 1U) == 0;
  if (has_begun) tally_.count(Happening::file_resumed);
}

bool ServerHost::file_crashed() {
  switch (files_.take_crash()) {
    case FileCrash::none:
      return false;
    case FileCrash::before_piece:
      tally_.count(Happening::server_crash_before_piece);
      break;
    case FileCrash::half_piece:
      tally_.count(Happening::server_crash_half_piece);
      break;
    case FileCrash::before_said:
      tally_.count(Happening::server_crash_before_said);
      break;
  }
  return true;
}

bool ServerHost::say_stored(Timestamp now) {
  Stored stored = std::move(to_say_.front());
  to_say_.pop_front();
  const protocol::FileName name = stored.said.state.file;
  const events::Result<Timestamp> time = settled_time(now, Happening::clock_refused_other);
  const events::Result<void> recorded =
      time ? pipeline_->record_stored(name, *time) : events::Result<void>(time.error());
  if (append_crashed()) {
    restart();
    return false;
  }
  if (recorded) {
    tally_.count(Happening::file_stored);
    wants_->forget(name);
  } else {
    stored.said.state.status = protocol::FileStatus::refused;
    stored.said.state.reason = recorded.error().code;
  }
  answer(stored, now);
  return true;
}

void ServerHost::answer(const Stored& stored, Timestamp now) {
  Connection* const connection = find_open(stored.session);
  if (connection == nullptr) return;
  server::SyncSession& session = *connection->session;
  const Timestamp shown = clock_.wall(now);
  enqueue(stored.session, stored.piece_bytes ? session.on_piece_stored(*stored.piece_bytes,
                                                                       stored.said.state, shown)
                                             : session.on_file_state(stored.said.state, shown));
}

void ServerHost::ask_for_wanted_files(Connection& connection) {
  for (const protocol::FileName& file :
       wants_->of(connection.session->chain(), connection.session->rights())) {
    connection.session->ask_for(file);
  }
}

void ServerHost::note_rights(events::ChainNumber chain, const server::ReaderRights& rights) {
  for (const projections::Unit& unit : state().units().all()) {
    const events::ScopeSet scope{unit.id};
    if (rights.scope.includes(scope) && rights.may_read_private(scope)) {
      let_in_.insert({chain, unit.id});
    }
  }
}

bool ServerHost::may_fetch(events::ChainNumber chain, events::UnitId commune, Timestamp now) const {
  const events::Result<server::Admission> admission = pipeline_->admit(chain, now);
  if (!admission || admission->revoked) return false;
  const events::ScopeSet scope{commune};
  return admission->rights.scope.includes(scope) && admission->rights.may_read_private(scope);
}

bool ServerHost::may_read(events::ChainNumber chain, events::UnitId commune, Timestamp now) const {
  const events::Result<server::Admission> admission = pipeline_->admit(chain, now);
  return admission && !admission->revoked &&
         admission->rights.scope.includes(events::ScopeSet{commune});
}

void ServerHost::look_for_lost_files() {
  const events::Position repaired = state().rulebook().repaired_to();
  if (repaired.value == 0 || pipeline_->is_repairing()) return;
  if (plant_ == Plant::lost_file_not_asked) return;
  const server::FileTransfers desk(files_);
  for (std::size_t begin = 0;;) {
    server::StoredFiles stretch = server::stored_files(state().evidence_files(), begin, repaired);
    const auto lost = desk.missing(std::move(stretch.files));
    for (const server::FileFacts& file : *lost) wants_->note(file);
    if (stretch.is_last) return;
    begin = stretch.next;
  }
}

void ServerHost::check_files(bool also_bytes) const {
  for (const projections::EvidenceFile& row : state().evidence_files().all()) {
    for (const events::FilePart part : {events::FilePart::thumbnail, events::FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_stored() || files_.is_lost_with_disk(status.sha256)) continue;
      const auto found = files_.files().find(status.sha256);
      require(found != files_.files().end() && found->second.size() == status.size,
              Promise::durable, [&] {
                return "the log says that a file of event " + to_string(row.attached) +
                       " is stored, and it is not there";
              });
    }
  }
  if (!also_bytes) return;
  for (const auto& [sha256, bytes] : files_.files()) {
    require(events::sha256(bytes) == sha256, Promise::verifiable,
            "the server holds a file that does not have its digest");
  }
}

}  // namespace sim
