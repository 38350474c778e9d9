#include "clients/cli/session.h"

#include <fmt/core.h>

#include <utility>

// How people name things: by id, or by what is printed on paper.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::EventId;
using events::Result;

namespace {

Error not_found(std::string_view what, std::string_view text) {
  return Error{ErrorCode::not_found,
               fmt::format("Không tìm thấy {} “{}” trên thiết bị này; hãy đồng bộ hoặc xem lại.",
                           what, text)};
}

Error ambiguous(std::string_view what, std::string_view text) {
  return usage_error(fmt::format("Có nhiều {} tên “{}”; hãy dùng mã thay cho tên.", what, text));
}

/// The id when the text is one, or the only row that `matches`.
template <class IdType, class Rows, class Matches>
Result<IdType> find_one(std::string_view what, std::string_view text, const Rows& rows,
                        Matches matches) {
  if (const Result<EventId> id = parse_event_id(text); id && !id->is_none()) {
    if (rows.find(id->key()) == nullptr) return not_found(what, text);
    return IdType{*id};
  }
  const Result<std::string> typed = typed_text(text);
  if (!typed) return typed.error();
  IdType found;
  for (const auto& row : rows) {
    if (!matches(row, *typed)) continue;
    if (!found.is_none()) return ambiguous(what, text);
    found = row.id;
  }
  if (found.is_none()) return not_found(what, text);
  return found;
}

}  // namespace

Result<events::UnitId> Session::unit(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Units& units = (*opened)->workspace().pending().units();
  const auto matches = [](const projections::Unit& unit, const std::string& typed) {
    return !unit.closed_from &&
           (unit.latest().official_code == typed || unit.latest().name == typed);
  };
  return find_one<events::UnitId>("đơn vị", text, units.all(), matches);
}

Result<events::PersonId> Session::person(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  const auto matches = [&](const projections::Person& person, const std::string& typed) {
    return workspace.name_of(person.id.event) == typed;
  };
  return find_one<events::PersonId>("người", text, workspace.pending().subjects().persons(),
                                    matches);
}

Result<events::CollectiveId> Session::collective(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  Workspace& workspace = (*opened)->workspace();
  const auto matches = [&](const projections::Collective& collective, const std::string& typed) {
    return workspace.name_of(collective.id.event) == typed;
  };
  return find_one<events::CollectiveId>("tập thể", text,
                                        workspace.pending().subjects().collectives(), matches);
}

Result<events::OrganisationId> Session::organisation(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Units& units = (*opened)->workspace().pending().units();
  const auto matches = [](const projections::Organisation& organisation, const std::string& typed) {
    return organisation.name == typed;
  };
  return find_one<events::OrganisationId>("tổ chức", text, units.organisations(), matches);
}

Result<events::CycleId> Session::cycle(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Rulebook& rulebook = (*opened)->workspace().pending().rulebook();
  const auto matches = [](const projections::Cycle& cycle, const std::string& typed) {
    return cycle.content.label == typed;
  };
  return find_one<events::CycleId>("đợt xét", text, rulebook.cycles(), matches);
}

Result<events::CriteriaId> Session::criteria(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Rulebook& rulebook = (*opened)->workspace().pending().rulebook();
  const auto matches = [&](const projections::Criteria& criteria, const std::string& typed) {
    return criteria.content.code == typed &&
           criteria.content.version == rulebook.latest_version(typed);
  };
  return find_one<events::CriteriaId>("bộ tiêu chí", text, rulebook.criteria(), matches);
}

Result<events::DossierId> Session::dossier(std::string_view text) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const projections::Dossiers& dossiers = (*opened)->workspace().pending().dossiers();
  const Result<EventId> id = parse_event_id(text);
  if (!id) return id.error();
  if (dossiers.find(events::DossierId{*id}) == nullptr) return not_found("hồ sơ", text);
  return events::DossierId{*id};
}

}  // namespace clients
