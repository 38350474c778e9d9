#include "server/commit/admission.h"

#include <algorithm>

namespace server {
namespace {

using events::Role;
using events::UnitId;

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

/// A commune and the closed ones whose territory it has.  Names only of those that went into it as
/// a whole: of the people of a commune that was split, nobody here knows whose they are now.
void add_lineage(ReaderRights& rights, const projections::UnitsOnDay& tree, UnitId commune,
                 bool with_names) {
  for (const UnitId scope : tree.lineage_of(commune)) {
    rights.scope.units.push_back(scope);
    if (with_names && tree.lies_whole_in(scope, commune)) rights.private_communes.push_back(scope);
  }
}

bool is_every_commune(const std::vector<UnitId>& communes, const projections::Units& units) {
  return std::ranges::all_of(units.all(), [&](const projections::Unit& unit) {
    return !projections::is_commune_level(unit) || std::ranges::binary_search(communes, unit.id);
  });
}

/// Leaves `max` of them, which stay ascending.
void cut(std::vector<UnitId>& communes, const projections::Units& units, std::size_t max) {
  if (communes.size() <= max) return;
  const auto is_open = [&](UnitId id) {
    const projections::Unit* const unit = units.find(id);
    return unit == nullptr || !unit->closed_from;
  };
  std::ranges::stable_partition(communes, is_open);
  communes.resize(max);
  std::ranges::sort(communes);
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
  const projections::UnitsOnDay tree = units.on(day);
  // U8.  A role ends with its unit; who goes on in the successor is granted a role there.
  if (!is_in_force(grant, tree)) return;
  const bool is_auditor = grant.role == Role::auditor;
  if (grant.unit.is_none()) {
    rights.scope.whole_log = true;
    if (is_auditor) rights.private_everywhere = true;
    return;
  }
  if (const UnitId commune = tree.commune_of(grant.unit); !commune.is_none()) {
    const bool reads_names = is_auditor || is_role_of_a_commune(grant.role);
    add_lineage(rights, tree, commune, reads_names);
    return;
  }
  for (const UnitId commune : tree.communes_in(grant.unit)) {
    if (!tree.is_closed(commune)) add_lineage(rights, tree, commune, is_auditor);
    rights.scope.units.push_back(commune);
    if (is_auditor && tree.lies_whole_in(commune, grant.unit)) {
      rights.private_communes.push_back(commune);
    }
  }
}

std::optional<events::Day> next_change(const projections::Grant& grant, events::Day day) {
  std::optional<events::Day> next;
  const auto consider = [&](events::Day change) {
    if (change > day && (!next || change < *next)) next = change;
  };
  consider(grant.valid_from);
  if (const std::optional<events::Day> end = grant.end()) consider(*end);
  return next;
}

void settle(ReaderRights& rights, const projections::Units& units) {
  sort_and_thin(rights.private_communes);
  sort_and_thin(rights.scope.units);
  std::vector<UnitId>& communes = rights.scope.units;
  const bool is_too_many = communes.size() > reader_units_max;
  if (is_too_many && is_every_commune(communes, units)) rights.scope.whole_log = true;
  if (rights.scope.whole_log) communes.assign(1, events::reference_scope);
  if (communes.size() > reader_units_max) {
    rights.left_out = communes.size() - reader_units_max;
    cut(communes, units, reader_units_max);
  }
  if (!rights.private_everywhere) cut(rights.private_communes, units, reader_units_max);
}

}  // namespace server
