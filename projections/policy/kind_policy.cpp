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

constexpr KindPolicy by_server(EventType type, About about) {
  return {.type = type, .speaker = Speaker::server, .about = about};
}
constexpr KindPolicy by_people(EventType type, About about, RoleSet roles) {
  return {.type = type, .about = about, .roles = roles};
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
  std::array table{
      by_server(log_founded, About::log),
      by_server(rules_adopted, About::log),
      by_server(log_restored, About::log),
      by_server(sealing_key_published, About::log),
      by_server(clock_corrected, About::log),

      by_people(unit_created, About::tree, registrar),
      by_people(unit_renamed, About::tree, registrar),
      by_people(unit_closed, About::tree, registrar),
      by_people(units_changed, About::tree, registrar),
      by_people(organisation_established, About::tree, registrar),
      by_people(criteria_published, About::log, rule_makers),
      by_people(cycle_opened, About::log, rule_makers),

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
  std::sort(table.begin(), table.end(),
            [](const KindPolicy& one, const KindPolicy& other) { return one.type < other.type; });
  return table;
}();

constexpr const KindPolicy* find(EventType type) {
  for (const KindPolicy& policy : policies) {
    if (policy.type == type) return &policy;
  }
  return nullptr;
}

template <class Kind>
constexpr bool has_policy() {
  if constexpr (std::is_same_v<Kind, events::UnknownPayload>) {
    return true;
  } else {
    return find(Kind::type) != nullptr;
  }
}

template <class... Kinds>
constexpr bool have_policies(const std::variant<Kinds...>* /*all*/) {
  return (has_policy<Kinds>() && ...) && sizeof...(Kinds) == policies.size() + 1;
}
static_assert(have_policies(static_cast<const events::PayloadVariant*>(nullptr)),
              "each kind of event has one row of policy");

}  // namespace

const KindPolicy* policy_of(EventType type) {
  const auto found = std::lower_bound(
      policies.begin(), policies.end(), type,
      [](const KindPolicy& policy, EventType wanted) { return policy.type < wanted; });
  return found != policies.end() && found->type == type ? &*found : nullptr;
}

}  // namespace projections
