#include "server/api/handlers/totals.h"

#include "events/archive/compact.h"
#include "events/log/block.h"
#include "server/api/id_text.h"
#include "server/api/json_archive.h"

#include <algorithm>
#include <vector>

namespace server {

namespace json = boost::json;
using events::Position;
using events::ReaderScope;
using events::Result;
using events::UnitId;
using projections::TotalsFold;
using projections::TotalsView;

namespace {

constexpr std::size_t kept_max = 4;
constexpr std::size_t cost_of_page = 2;
constexpr std::size_t cost_of_count = 60;
/// The values of the parameter `basis`.
constexpr std::string_view as_of = "as_of";
constexpr std::string_view rebased = "rebased";

Problem invalid(const char* detail, const char* field) {
  return {ProblemKind::invalid_parameter, detail, field};
}

Problem no_unit() {
  return {ProblemKind::not_found, "no such unit at this position in the reader's scope", "unit"};
}

/// Whether the unit was there, and all of it lies within the scope: figures of a part would pass
/// for those of the whole.
std::optional<Problem> check_unit(UnitId unit, const ReaderScope& scope,
                                  const projections::Units& units, events::Day day) {
  if (unit.is_none()) return std::nullopt;
  const projections::Unit* const found = units.find(unit);
  if (found == nullptr) return no_unit();
  if (!scope.whole_log) {
    const std::vector<UnitId> communes = units.on(day).communes_in(unit);
    const bool is_inside = std::ranges::all_of(
        communes, [&](UnitId commune) { return std::ranges::binary_search(scope.units, commune); });
    if (communes.empty() || !is_inside) return no_unit();
  }
  if (projections::is_hamlet(*found)) {
    return invalid("dossiers are counted by communes; a hamlet has no figures of its own", "unit");
  }
  return std::nullopt;
}

/// The blocks that the figures are counted from, where the units lie as they do in `units` on the
/// day of the filter.
ReaderScope blocks_of(const projections::TotalsFilter& filter, bool is_rebased,
                      const projections::Units& units) {
  if (filter.unit.is_none()) return filter.scope;
  const projections::UnitsOnDay on_day = units.on(filter.day);
  std::vector<UnitId> communes = on_day.communes_in(filter.unit);
  if (is_rebased) {
    // Dossiers that were opened in a commune that was split lie in its parts.
    for (const UnitId commune : std::vector<UnitId>(communes)) {
      for (const UnitId before : on_day.lineage_of(commune)) communes.push_back(before);
    }
  }
  ReaderScope reader{.whole_log = false, .units = {events::reference_scope}};
  for (const UnitId commune : communes) {
    if (filter.scope.includes(events::ScopeSet{commune})) reader.units.push_back(commune);
  }
  std::ranges::sort(reader.units);
  const auto twice = std::ranges::unique(reader.units);
  reader.units.erase(twice.begin(), twice.end());
  return reader;
}

/// `basis` and `day`: how the dossiers are counted.
std::optional<Problem> read_basis(const RequestContext& context, events::Day& of_map,
                                  bool& is_rebased) {
  of_map = context.place.day;
  if (const auto day = context.query.find("day"); day != context.query.end()) {
    const std::optional<events::Day> read = events::parse_day(day->second);
    if (!read) return invalid("a day has the form 2025-07-01", "day");
    of_map = *read;
  }
  const auto basis = context.query.find("basis");
  if (basis == context.query.end() || basis->second == as_of) return std::nullopt;
  if (basis->second != rebased) return invalid("basis is as_of or rebased", "basis");
  is_rebased = true;
  return std::nullopt;
}

json::object row_of(const projections::TotalsRow& row) {
  json::object object = json_object_of(row);
  json::object figures = std::move(object["figures"].as_object());
  object.erase("figures");
  for (auto& figure : figures) object[figure.key()] = std::move(figure.value());
  return object;
}

}  // namespace

std::variant<Rest, Problem> TotalsHandler::begin(const RequestContext& context,
                                                 const Folded& folded) {
  Question question;
  question.filter.scope = context.scope;
  if (auto problem = read_basis(context, question.filter.day, question.rebased)) {
    return std::move(*problem);
  }
  question.position = context.position;
  question.newest = folded.state.applied();
  question.limit = context.page.limit;
  question.question = context.question();
  if (const auto unit = context.query.find("unit"); unit != context.query.end()) {
    const std::optional<events::EventId> id = read_id(unit->second);
    if (!id) return invalid("an id has the form 7.2", "unit");
    question.filter.unit = UnitId{*id};
  }
  if (const auto cycle = context.query.find("cycle"); cycle != context.query.end()) {
    const std::optional<events::EventId> id = read_id(cycle->second);
    if (!id) return invalid("an id has the form 7.2", "cycle");
    question.filter.cycle = events::CycleId{*id};
  }
  auto after = read_after<projections::StatisticsKey>(context.page);
  if (Problem* const problem = std::get_if<Problem>(&after)) return std::move(*problem);
  question.after = std::get<0>(after);
  if (auto problem = check_unit(question.filter.unit, context.scope, folded.state.units(),
                                question.filter.day)) {
    return std::move(*problem);
  }
  question.blocks = blocks_of(question.filter, question.rebased, folded.state.units());
  const events::Bytes scope = events::encode(context.scope);
  question.key = std::to_string(question.position.value) + '\n' +
                 std::to_string(question.question) + '\n' + std::string(scope.begin(), scope.end());

  const bool is_kept = kept(question.key) != nullptr;
  // Rebased figures are counted from all dossiers: once a question, like those of the past.
  if (!is_kept && question.position == question.newest) {
    keep(question.key, count(folded.state, folded.views.statistics, question));
  }
  const bool is_cheap = is_kept || (question.position == question.newest && !question.rebased);
  return Rest{[this, question = std::move(question)] { return answer(question); },
              is_cheap ? cost_of_page : cost_of_count};
}

TotalsHandler::View TotalsHandler::count(const projections::State& state,
                                         const projections::Statistics& statistics,
                                         const Question& question) {
  return std::make_shared<const TotalsView>(question.rebased
                                                ? rebased_totals_of(state, question.filter)
                                                : totals_of(state, statistics, question.filter));
}

TotalsHandler::View TotalsHandler::kept(const std::string& key) const {
  const auto found = std::ranges::find(kept_, key, &Kept::key);
  return found == kept_.end() ? nullptr : found->view;
}

void TotalsHandler::keep(const std::string& key, View view) {
  kept_.push_back({key, std::move(view)});
  if (kept_.size() > kept_max) kept_.pop_front();
}

Fields TotalsHandler::answer(const Question& question) {
  View view = kept(question.key);
  if (view == nullptr) {
    std::variant<View, Problem> counted = count_anew(question);
    if (Problem* const problem = std::get_if<Problem>(&counted)) return std::move(*problem);
    view = std::get<View>(std::move(counted));
    keep(question.key, view);
  }
  const projections::TotalsPage page = page_of(*view, question.after, question.limit);
  json::object fields;
  fields["unit"] = json_of(question.filter.unit);
  fields["cycle"] = question.filter.cycle ? json_of(*question.filter.cycle) : json::value(nullptr);
  fields["basis"] = question.rebased ? rebased : as_of;
  fields["day"] = events::to_iso(question.filter.day);
  fields["sum"] = json_of(view->sum);
  if (view->unallocated) fields["unallocated"] = json_of(*view->unallocated);
  json::array& rows = fields["rows"].emplace_array();
  for (const projections::TotalsRow& row : page.rows) rows.push_back(row_of(row));
  fields["next"] = nullptr;
  if (page.next) fields["next"] = write_cursor(question.position, question.question, *page.next);
  return fields;
}

std::variant<TotalsHandler::View, Problem> TotalsHandler::count_anew(
    const Question& question) const {
  ReaderScope reader = question.filter.scope;
  if (!question.filter.unit.is_none()) {
    // What lay in the unit at that position is written in the events that everybody sees.
    const ReaderScope reference{.whole_log = false, .units = {events::reference_scope}};
    const Result<std::uint64_t> of_reference = events_upto(reference, question.position);
    if (!of_reference) return problem_of(of_reference.error());
    if (*of_reference > events_max_) return too_far(question);
    const Result<TotalsFold> then = fold(reference, question.position);
    if (!then) return problem_of(then.error());
    const projections::Units& units = then->state().units();
    if (auto problem =
            check_unit(question.filter.unit, question.filter.scope, units, question.filter.day)) {
      return std::move(*problem);
    }
    reader = blocks_of(question.filter, question.rebased, units);
  }
  const Result<std::uint64_t> of_reader = events_upto(reader, question.position);
  if (!of_reader) return problem_of(of_reader.error());
  if (*of_reader > events_max_) return too_far(question);
  const Result<TotalsFold> counted = fold(reader, question.position);
  if (!counted) return problem_of(counted.error());
  return count(counted->state(), counted->statistics(), question);
}

Result<std::uint64_t> TotalsHandler::events_upto(const ReaderScope& reader,
                                                 Position position) const {
  if (reader.whole_log) return position.value;
  std::uint64_t events = 0;
  for (const UnitId unit : reader.units) {
    const Result<events::ScopeSum> sum = state_.log.scope_sum_at(unit, position);
    if (!sum) return sum.error();
    events += sum->events;
  }
  return events;
}

std::variant<TotalsHandler::View, Problem> TotalsHandler::too_far(const Question& question) const {
  // The count of events only grows with the position: halve until the last countable one is found.
  std::uint64_t countable = 0;
  std::uint64_t too_many = question.position.value;
  while (too_many - countable > 1) {
    const std::uint64_t middle = countable + (too_many - countable) / 2;
    const Result<std::uint64_t> events = events_upto(question.blocks, Position{middle});
    if (!events) return problem_of(events.error());
    (*events <= events_max_ ? countable : too_many) = middle;
  }
  return Problem{
      .kind = ProblemKind::position_too_far,
      .detail = "more than " + std::to_string(events_max_) +
                " events stand up to this position; ask for the newest one",
      .field = "at",
      .positions = {{Position{0}, Position{countable}}, {question.newest, question.newest}}};
}

Result<TotalsFold> TotalsHandler::fold(const ReaderScope& reader, Position position) const {
  TotalsFold fold;
  Position after;
  while (after < position) {
    Position scanned_to;
    const Result<std::optional<events::Bytes>> encoded =
        state_.log.next_block(reader, after, &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) break;
    Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    after = block->last();
    const events::ScopeSet scope = block->scope;
    const Result<std::vector<events::StoredEvent>> stored =
        events::stored_events(std::move(*block));
    if (!stored) return stored.error();
    for (const events::StoredEvent& event : *stored) {
      if (event.position <= position) fold.take(event, scope);
    }
  }
  fold.advance(position);
  return fold;
}

}  // namespace server
