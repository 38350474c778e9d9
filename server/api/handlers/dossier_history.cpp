#include "server/api/handlers/dossier_history.h"

#include "events/log/block.h"
#include "server/api/id_text.h"
#include "server/api/json_archive.h"

#include <boost/json/parse.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using projections::DossierHistory;
using projections::HistoryPage;

namespace {

/// What the event says, for events of the dossier itself; lists and minutes name other dossiers.
json::value content_of(const events::StoredEvent& stored, events::DossierId dossier) {
  if (stored.event.header.stream != events::StreamId{events::StreamKind::dossier, dossier.event}) {
    return nullptr;
  }
  boost::system::error_code wrong;
  json::value content = json::parse(events::payload_to_json(stored.event.payload), wrong);
  if (wrong || !content.is_object()) return nullptr;
  content.as_object().erase("private_digest");
  return content;
}

json::array rows_of(const HistoryPage& page, const DossierHistory& history) {
  json::array rows;
  for (std::size_t index = 0; index < page.rows.size(); ++index) {
    json::object row = json_object_of(page.rows[index]);
    if (page.rows[index].effect.value == 0) row["effect"] = nullptr;
    row["content"] = content_of(history.events()[page.indexes[index]].stored, history.dossier());
    rows.push_back(std::move(row));
  }
  return rows;
}

Problem nothing_here() {
  return {ProblemKind::not_found, "no such dossier at this position in the reader's scope"};
}

}  // namespace

std::variant<Rest, Problem> DossierHistoryHandler::begin(const RequestContext& context,
                                                         const Folded& folded) {
  if (context.is_repairing) {
    return Problem{.kind = ProblemKind::repairing,
                   .detail = "no events are handed out until the log is whole",
                   .retry_after = 60};
  }
  Question question;
  if (const auto effective = context.query.find("effective"); effective != context.query.end()) {
    if (effective->second != "true" && effective->second != "false") {
      return Problem{ProblemKind::invalid_parameter, "true or false", "effective"};
    }
    question.filter.effective_only = effective->second == "true";
  }
  auto after = read_after<projections::HistoryCursor>(context.page);
  if (Problem* const problem = std::get_if<Problem>(&after)) return std::move(*problem);
  question.filter.after = std::get<0>(after);

  const std::optional<events::EventId> id = read_id(context.segments.at("id"));
  if (!id) return nothing_here();
  question.dossier = events::DossierId{*id};
  const projections::Dossier* const dossier = folded.state.dossiers().find(question.dossier);
  if (dossier == nullptr || dossier->opened_at > context.position ||
      !context.scope.includes(events::ScopeSet{dossier->scope})) {
    return nothing_here();
  }
  question.commune = dossier->scope;
  question.position = context.position;
  question.limit = context.page.limit;
  question.question = context.question();
  return Rest{[this, question] { return answer(question); }, 10};
}

Fields DossierHistoryHandler::answer(const Question& question) const {
  const Result<DossierHistory> history = read(question);
  if (!history && history.error().code == ErrorCode::too_large) {
    return Problem{ProblemKind::history_too_long, history.error().message, "at"};
  }
  if (!history) return problem_of(history.error());
  HistoryPage page = page_of(*history, question.filter, question.limit);
  state_.with_fold([&page](const Folded& folded) { name_roles(page, folded.state.access()); });
  json::object fields;
  fields["dossier"] = json_of(question.dossier);
  fields["commune"] = json_of(question.commune);
  fields["rows"] = rows_of(page, *history);
  fields["next"] = nullptr;
  if (page.next) fields["next"] = write_cursor(question.position, question.question, *page.next);
  return fields;
}

Result<DossierHistory> DossierHistoryHandler::read(const Question& question) const {
  const events::EventId opening = question.dossier.event;
  const Result<std::optional<events::Bytes>> first =
      state_.log.block_of(opening.chain(), opening.seq());
  if (!first) return first.error();
  if (!*first) return Error{ErrorCode::storage_corrupt, "the opening of a dossier is missing"};
  const Result<events::StoredBlock> opened = events::decode_stored_block(**first);
  if (!opened) return opened.error();

  DossierHistory history(question.dossier);
  const events::ReaderScope commune{.whole_log = false, .units = {question.commune}};
  Position after{opened->first.value - 1};
  while (after < question.position) {
    Position scanned_to;
    const Result<std::optional<events::Bytes>> encoded =
        state_.log.next_block(commune, after, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) break;
    Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    after = block->last();
    const Result<std::vector<events::StoredEvent>> stored =
        events::stored_events(std::move(*block));
    if (!stored) return stored.error();
    for (const events::StoredEvent& event : *stored) {
      if (event.position <= question.position) history.take(event);
    }
    if (history.events().size() > events_max_) {
      return Error{ErrorCode::too_large, "the dossier has more than " +
                                             std::to_string(events_max_) + " events at position " +
                                             std::to_string(question.position.value)};
    }
  }
  return history;
}

}  // namespace server
