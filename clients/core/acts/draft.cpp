#include "clients/core/acts/draft.h"

#include "clients/core/acts/typed_text.h"
#include "events/base/check.h"

#include <utility>

namespace clients::acts {

using events::EventId;
using events::Result;

EventId Draft::next_id() const { return {first_.chain(), first_.seq() + requests_.size()}; }

EventId Draft::add(const Occasion& occasion, events::Payload payload,
                   std::optional<events::StreamId> about,
                   std::optional<events::PrivateFields> fields) {
  return add(occasion.actor, occasion.stamp(), std::move(payload), about, std::move(fields));
}

EventId Draft::add(events::PersonId actor, const Stamp& stamp, events::Payload payload,
                   std::optional<events::StreamId> about,
                   std::optional<events::PrivateFields> fields) {
  const EventId id = next_id();
  RecordRequest& request = requests_.emplace_back();
  request.payload = std::move(payload);
  request.about = about;
  request.actor = actor;
  request.business_day = stamp.business_day;
  request.fields = std::move(fields);
  request.salt = stamp.salt;
  return id;
}

void Draft::append(const Draft& next) {
  CHECK(next.first_ == next_id(), "a draft is continued where it ends");
  requests_.insert(requests_.end(), next.requests_.begin(), next.requests_.end());
}

std::optional<events::BadText> Draft::first_bad_text() const {
  for (const RecordRequest& request : requests_) {
    if (auto bad = events::find_bad_text(request.payload)) return bad;
    if (!request.fields) continue;
    if (auto bad = events::find_bad_text(*request.fields)) return bad;
  }
  return std::nullopt;
}

events::Result<const projections::Dossier*> dossier_of(const projections::State& state,
                                                       events::DossierId id) {
  const projections::Dossier* const dossier = state.dossiers().find(id);
  if (dossier != nullptr) return dossier;
  return events::Error{events::ErrorCode::not_found,
                       "Không tìm thấy hồ sơ “" + to_string(id) + "” trên thiết bị này."};
}

events::StreamId stream_of(events::DossierId dossier) {
  return {events::StreamKind::dossier, dossier.event};
}

events::StreamId access_stream_of(EventId id) { return {events::StreamKind::access, id}; }

Result<std::optional<events::PrivateFields>> note_fields(std::string_view text) {
  if (text.empty()) return std::optional<events::PrivateFields>{};
  Result<std::string> typed = typed_text(text);
  if (!typed) return typed.error();
  return std::optional<events::PrivateFields>{events::NoteRecord{std::move(*typed)}};
}

}  // namespace clients::acts
