#include "projections/policy/kind_policy.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <variant>

namespace projections {
namespace {

using events::EventType;
using events::Role;

constexpr RoleSet registrar = bit(Role::registrar);
constexpr RoleSet rule_makers = any_of(Role::registrar, Role::central_assoc);
constexpr RoleSet device_keepers = any_of(Role::registrar, Role::device_admin);
constexpr RoleSet introducers = entrants | any_of(Role::commune_clerk, Role::registrar);
/// For holds: which roles depends on the reason, see roles_to_release().
constexpr RoleSet any_role = ~RoleSet{0};

constexpr KindPolicy by_server(EventType type, About about, std::uint32_t schema = 1) {
  return {.type = type, .speaker = Speaker::server, .about = about, .schema = schema};
}
constexpr KindPolicy by_people(EventType type, About about, RoleSet roles,
                               std::uint32_t schema = 1) {
  return {.type = type, .about = about, .roles = roles, .schema = schema};
}
/// It changes the state of a dossier: what was made meanwhile waits for a person.
constexpr KindPolicy changes(EventType type) {
  return {.type = type, .about = About::dossier, .interference = Interference::changes};
}
/// It only adds to a dossier.
constexpr KindPolicy adds(EventType type) {
  return {.type = type, .about = About::dossier, .interference = Interference::commutes};
}

constexpr auto policies = [] {
  using enum EventType;
  return std::array{
      by_server(log_founded, About::log),
      by_server(rules_adopted, About::log, 2),
      by_server(log_restored, About::log),
      by_server(sealing_key_published, About::log),
      by_server(clock_corrected, About::log),

      by_people(unit_created, About::tree, registrar),
      by_people(unit_renamed, About::tree, registrar, 2),
      by_people(unit_closed, About::tree, registrar),
      by_people(units_changed, About::tree, registrar),
      by_people(organisation_established, About::tree, registrar),
      by_people(criteria_published, About::log, rule_makers),
      by_people(cycle_opened, About::log, rule_makers),
      by_server(phase_closed, About::log),

      by_people(role_granted, About::powers, registrar),
      by_people(role_revoked, About::powers, registrar),
      by_people(enrolment_offered, About::powers, device_keepers),
      by_server(device_enrolled, About::powers),
      by_people(device_revoked, About::powers, device_keepers),
      by_server(chain_continued, About::powers),
      by_people(branch_continued, About::own_device, any_role),
      by_server(scope_purged, About::powers),
      by_people(quota_raised, About::powers, device_keepers),

      by_people(person_introduced, About::unit, introducers),
      by_people(collective_introduced, About::unit, introducers),

      KindPolicy{
          .type = dossier_opened, .about = About::unit, .interference = Interference::changes},
      changes(dossier_registered),
      changes(registration_accepted),
      changes(dossier_returned),
      changes(dossier_resubmitted),
      changes(self_assessment_recorded),
      adds(evidence_sighted),
      changes(dossier_withdrawn),
      adds(evidence_attached),
      by_server(evidence_stored, About::dossier),
      by_people(review_held, About::unit, heads),
      changes(dossier_reviewed),
      by_people(list_submitted, About::paper, bit(Role::commune_assoc_chair)),
      changes(dossier_submitted),
      changes(dossier_appraised),
      by_people(decision_issued, About::paper, bit(Role::signer)),
      changes(title_granted),
      changes(dossier_not_recognized),

      by_people(hold_released, About::held_event, any_role),
      by_people(hold_refused, About::held_event, any_role),
      by_server(hold_changed, About::held_event),
  };
}();

constexpr bool are_sound(std::span<const KindPolicy> rows) {
  for (std::size_t index = 0; index < rows.size(); ++index) {
    for (std::size_t other = index + 1; other < rows.size(); ++other) {
      const bool same_kind = rows[index].type == rows[other].type;
      if (same_kind && rows[index].in_force.overlap(rows[other].in_force)) return false;
    }
  }
  return true;
}
static_assert(are_sound(policies), "of the rows of a kind, one is in force in a version");

constexpr const KindPolicy* newest_row(EventType type) {
  const KindPolicy* newest = nullptr;
  for (const KindPolicy& policy : policies) {
    if (policy.type != type) continue;
    if (newest == nullptr || newest->in_force.last < policy.in_force.last) newest = &policy;
  }
  return newest;
}

/// Whether people's events of a kind on a dossier say what they interfere with, and none on other
/// streams does.
constexpr bool says_interference(const KindPolicy& row, events::StreamKind stream) {
  const bool on_dossier = stream == events::StreamKind::dossier;
  if (row.interference != Interference::none) return on_dossier;
  return !on_dossier || row.speaker == Speaker::server;
}

template <class Kind>
constexpr bool has_policy() {
  if constexpr (std::is_same_v<Kind, events::UnknownPayload>) {
    return true;
  } else {
    const KindPolicy* const row = newest_row(Kind::type);
    if (row == nullptr || row->schema != Kind::schema) return false;
    if constexpr (requires { Kind::stream; }) {
      return says_interference(*row, Kind::stream);
    } else {
      return row->interference == Interference::none;  // It stands on any stream.
    }
  }
}

template <class... Kinds>
constexpr bool have_policies(const std::variant<Kinds...>* /*all*/) {
  return (has_policy<Kinds>() && ...);
}
static_assert(have_policies(static_cast<const events::PayloadVariant*>(nullptr)),
              "each kind of event has a row of policy in its newest schema, and each kind on a "
              "dossier an interference");

template <class... Kinds>
constexpr bool is_a_kind(EventType type, const std::variant<events::UnknownPayload, Kinds...>*) {
  return ((Kinds::type == type) || ...);
}
static_assert(std::all_of(policies.begin(), policies.end(),
                          [](const KindPolicy& row) {
                            return is_a_kind(row.type,
                                             static_cast<const events::PayloadVariant*>(nullptr));
                          }),
              "each row is one of a kind of event");

}  // namespace

std::span<const KindPolicy> kind_rows() { return policies; }

}  // namespace projections
