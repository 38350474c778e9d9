#include "clients/cli/session.h"
#include "clients/core/acts/nearest.h"
#include "events/text/folding.h"

#include <fmt/core.h>

#include <utility>

// How people name things: by id, or by what is printed on paper.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::Result;

namespace {

/// A kind of thing that people name.
struct Kind {
  std::string_view name;
  std::string_view list;  ///< The command that lists them.
};
constexpr Kind units_kind{"đơn vị", "units"};
constexpr Kind persons_kind{"người", "people"};
constexpr Kind collectives_kind{"tập thể", "collectives"};
constexpr Kind organisations_kind{"tổ chức", "organisations"};
constexpr Kind cycles_kind{"đợt xét", "cycles"};
constexpr Kind criteria_kind{"bộ tiêu chí", "criteria"};
constexpr Kind dossiers_kind{"hồ sơ", "dossiers"};

/// `names`: of all that is there; the nearest ones are told.
Error not_found(const Kind& kind, std::string_view text, const std::vector<std::string>& names) {
  const std::string nearest = did_you_mean_vi(text, names);
  const std::string_view otherwise =
      nearest.empty() ? " Nếu máy khác vừa nhập, hãy chạy lệnh sync trước." : "";
  return Error{ErrorCode::not_found,
               fmt::format("Không tìm thấy {} “{}” trên thiết bị này.{} Xem lệnh {}.{}", kind.name,
                           text, nearest, kind.list, otherwise)};
}

template <class IdType>
Error ambiguous(const Kind& kind, std::string_view text, const std::vector<IdType>& found) {
  std::string ids;
  for (const IdType& id : found) ids += (ids.empty() ? "" : ", ") + to_string(id);
  return usage_error(fmt::format("Có {} {} tên “{}”; hãy dùng một trong các mã {}.", found.size(),
                                 kind.name, text, ids));
}

/// The id when the text is one, or the only row that is called so; capitals and blanks make a
/// difference only where more than one row would do.  `names_of`: what a row is called by.
template <class IdType, class Rows, class NamesOf>
Result<IdType> find_one(const Kind& kind, std::string_view text, const Rows& rows,
                        NamesOf names_of) {
  if (const Result<EventId> id = parse_event_id(text); id && !id->is_none()) {
    if (rows.find(id->key()) == nullptr) return not_found(kind, text, {});
    return IdType{*id};
  }
  const Result<std::string> typed = typed_text(text);
  if (!typed) return typed.error();
  const std::string alike = events::folded(*typed);
  std::vector<IdType> exact;
  std::vector<IdType> similar;
  std::vector<std::string> all;
  for (const auto& row : rows) {
    for (std::string& name : names_of(row)) {
      if (name.empty()) continue;
      if (name == *typed) exact.push_back(row.id);
      if (events::folded(name) == alike) similar.push_back(row.id);
      all.push_back(std::move(name));
    }
  }
  const std::vector<IdType>& found = exact.empty() ? similar : exact;
  if (found.size() > 1) return ambiguous(kind, text, found);
  if (found.empty()) return not_found(kind, text, all);
  return found.front();
}

using Names = std::vector<std::string>;

}  // namespace

Result<events::UnitId> Session::unit(std::string_view text) {
  const Result<events::Day> day = business_day();
  if (!day) return day.error();
  return unit(text, *day);
}

Result<events::UnitId> Session::unit(std::string_view text, events::Day day,
                                     const std::function<bool(const projections::Unit&)>& counts) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Units& units = (*opened)->workspace().pending().units();
  const auto names_where = [&](bool has_begun) {
    return [&, has_begun](const projections::Unit& unit) {
      const bool fits = !unit.is_closed_on(day) &&
                        (unit.versions.front().valid_from <= day) == has_begun &&
                        (!counts || counts(unit));
      if (!fits) return Names{};
      const projections::UnitVersion& version = unit.version_on(day);
      return Names{version.official_code, version.name};
    };
  };
  const Result<events::UnitId> open =
      find_one<events::UnitId>(units_kind, text, units.all(), names_where(true));
  if (open || open.error().code != ErrorCode::not_found) return open;
  // One that is still to begin is found, too: its officers are appointed before.
  const Result<events::UnitId> later =
      find_one<events::UnitId>(units_kind, text, units.all(), names_where(false));
  if (!later && later.error().code == ErrorCode::not_found) return open;
  return later;
}

Result<events::PersonId> Session::person(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  const auto names_of = [&](const projections::Person& person) {
    return Names{workspace.name_of(person.id.event)};
  };
  return find_one<events::PersonId>(persons_kind, text, workspace.pending().subjects().persons(),
                                    names_of);
}

Result<events::CollectiveId> Session::collective(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  const auto names_of = [&](const projections::Collective& collective) {
    return Names{workspace.name_of(collective.id.event)};
  };
  return find_one<events::CollectiveId>(collectives_kind, text,
                                        workspace.pending().subjects().collectives(), names_of);
}

Result<events::OrganisationId> Session::organisation(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Units& units = (*opened)->workspace().pending().units();
  const auto names_of = [](const projections::Organisation& organisation) {
    return Names{organisation.name};
  };
  return find_one<events::OrganisationId>(organisations_kind, text, units.organisations(),
                                          names_of);
}

Result<events::CycleId> Session::cycle(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Rulebook& rulebook = (*opened)->workspace().pending().rulebook();
  const auto names_of = [](const projections::Cycle& cycle) { return Names{cycle.content.label}; };
  return find_one<events::CycleId>(cycles_kind, text, rulebook.cycles(), names_of);
}

Result<events::CriteriaId> Session::criteria(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Rulebook& rulebook = (*opened)->workspace().pending().rulebook();
  const auto names_of = [&](const projections::Criteria& criteria) {
    const events::CriteriaPublished& content = criteria.content;
    if (content.version != rulebook.latest_version(content.code)) return Names{};
    return Names{content.code};
  };
  return find_one<events::CriteriaId>(criteria_kind, text, rulebook.criteria(), names_of);
}

Result<events::DossierId> Session::dossier(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  const auto names_of = [&](const projections::Dossier& dossier) {
    return Names{workspace.name_of(dossier.subject.id)};
  };
  return find_one<events::DossierId>(dossiers_kind, text, workspace.pending().dossiers().all(),
                                     names_of);
}

}  // namespace clients
