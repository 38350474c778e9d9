#include "clients/cli/output/refusal_help.h"

#include "clients/cli/output/output.h"
#include "projections/policy/steps.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clients {
namespace {

/// "chi hội trưởng khuyến học ở Bản Nà Tấu từ 01/01/2026 (thôi từ 01/06/2026)".
std::string described(const projections::Grant& grant, const projections::UnitsOnDay& units) {
  std::string text = fmt::format("{} ở {} từ {}", projections::name_vi(grant.role),
                                 grant.unit.is_none() ? "toàn bộ" : units.name_of(grant.unit),
                                 day_vi(grant.valid_from));
  if (grant.valid_to.value != 0) text += fmt::format(" đến trước {}", day_vi(grant.valid_to));
  if (grant.revoked_from) text += fmt::format(" (thôi từ {})", day_vi(*grant.revoked_from));
  return text;
}

/// What the actor may do, as this device knows it.
std::string roles_of(events::PersonId actor, events::Day day, const Workspace& workspace) {
  const projections::State& state = workspace.pending();
  const std::string name = workspace.name_of(actor.event);
  // Before the first synchronisation nobody's name is here.
  const std::string who =
      name.empty() ? to_string(actor) : fmt::format("{} ({})", name, to_string(actor));
  std::string roles;
  for (const projections::Grant& grant : state.access().grants()) {
    if (grant.person != actor) continue;
    roles += (roles.empty() ? "" : "; ") + described(grant, state.units().on(day));
  }
  if (roles.empty()) {
    return fmt::format(
        "{} chưa được giao vai trò nào theo dữ liệu trên thiết bị này; nếu vừa được giao, hãy "
        "chạy lệnh sync.",
        who);
  }
  return fmt::format("Vai trò của {}: {}. Ngày trên giấy của việc này: {}.", who, roles,
                     day_vi(day));
}

/// " Việc này do người có vai trò: chi hội trưởng khuyến học; trưởng thôn.", to be put behind a
/// sentence; empty where no role may.
std::string doers_of(events::EventType type, const projections::Policy& policy) {
  std::string names;
  for (const auto& [role, word] : events::rows_of<events::Role>()) {
    if ((projections::bit(role) & policy.roles_for(type)) == 0) continue;
    names += (names.empty() ? "" : "; ") + std::string(projections::name_vi(role));
  }
  return names.empty() ? "" : fmt::format(" Việc này do người có vai trò: {}.", names);
}

/// The command for the next step of a dossier; empty where there is none.
std::string_view command_after(events::DossierState state) {
  using enum events::DossierState;
  switch (state) {
    case registered:
      return "accept";
    case accepted:
      return "score";
    case self_assessed:
      return "review";
    case reviewed:
      return "submit";
    case submitted:
      return "appraise";
    case appraised:
      return "decide";
    case returned:
      return "resubmit";
    case none:
    case draft:
    case recognized:
    case not_recognized:
    case expired:
    case withdrawn:
    case lapsed:
      return {};
  }
  return {};
}

}  // namespace

std::optional<std::string> help_for(const events::Verdict& refused, const RecordRequest& request,
                                    const Workspace& workspace) {
  using enum events::Rule;
  const bool is_about_roles = refused.rule == a_grant || refused.rule == a_unit ||
                              refused.rule == a_role || refused.rule == a_power;
  if (is_about_roles) {
    return roles_of(request.actor, request.business_day, workspace) +
           doers_of(type_of(request.payload), workspace.pending().rulebook().policy());
  }
  if (refused.rule != t_step || !request.about) return std::nullopt;
  const projections::Dossier* const dossier =
      workspace.pending().dossiers().find(events::DossierId{request.about->id});
  if (dossier == nullptr) return std::nullopt;
  const std::string_view command = command_after(dossier->state);
  const std::string id = to_string(dossier->id);
  if (command.empty()) return fmt::format("Xem quá trình: khuyenhoc history {}", id);
  return fmt::format("Bước tiếp theo của hồ sơ này: khuyenhoc {} {}", command, id);
}

}  // namespace clients
