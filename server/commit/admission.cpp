#include "server/commit/admission.h"

#include <algorithm>

namespace server {
namespace {

using events::Role;
using events::UnitId;

bool reads_everything(Role role) {
  return role == Role::registrar || role == Role::auditor || role == Role::central_assoc;
}

bool is_role_of_a_commune(Role role) {
  switch (role) {
    case Role::proxy_entrant:
    case Role::branch_head:
    case Role::hamlet_head:
    case Role::unit_board:
    case Role::clan_board:
    case Role::commune_clerk:
    case Role::commune_assoc_chair:
    case Role::appraiser:
    case Role::signer:
      return true;
    case Role::registrar:
    case Role::district_assoc:
    case Role::province_assoc:
    case Role::central_assoc:
    case Role::auditor:
    case Role::device_admin:
      return false;
  }
  return false;
}

void sort_and_thin(std::vector<UnitId>& units) {
  std::ranges::sort(units);
  const auto repeated = std::ranges::unique(units);
  units.erase(repeated.begin(), repeated.end());
}

}  // namespace

bool ReaderRights::may_read_private(const events::ScopeSet& event_scope) const {
  if (private_everywhere) return true;
  return std::ranges::any_of(event_scope.units(), [this](UnitId unit) {
    return std::ranges::binary_search(private_communes, unit);
  });
}

events::protocol::PrivateAccess private_access_of(const ReaderRights& rights) {
  return {rights.private_everywhere, rights.private_communes};
}

ReaderRights rights_of_nobody() {
  ReaderRights rights;
  rights.scope.units.push_back(events::reference_scope);
  return rights;
}

void add_rights(ReaderRights& rights, const projections::Grant& grant,
                const projections::Units& units, events::Day day) {
  if (!grant.is_valid_on(day)) return;
  if (grant.role == Role::auditor) rights.private_everywhere = true;
  if (reads_everything(grant.role) || grant.unit.is_none()) {
    rights.scope.whole_log = true;
    return;
  }
  if (const UnitId commune = units.commune_of(grant.unit); !commune.is_none()) {
    rights.scope.units.push_back(commune);
    if (is_role_of_a_commune(grant.role)) rights.private_communes.push_back(commune);
    return;
  }
  for (const UnitId commune : units.communes_in(grant.unit)) rights.scope.units.push_back(commune);
}

void settle(ReaderRights& rights) {
  if (rights.scope.whole_log) rights.scope.units.assign(1, events::reference_scope);
  sort_and_thin(rights.scope.units);
  sort_and_thin(rights.private_communes);
}

}  // namespace server
