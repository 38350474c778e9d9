#include "server/commit/changes.h"

namespace server {
namespace {

std::optional<projections::Dossier> copy_of(const projections::Dossier* dossier) {
  return dossier == nullptr ? std::nullopt : std::optional(*dossier);
}

const projections::Dossier* address_of(const std::optional<projections::Dossier>& dossier) {
  return dossier ? &*dossier : nullptr;
}

}  // namespace

Change::Change(const projections::EffectiveEvent& effective)
    : position(effective.position),
      received_at(effective.received_at),
      event{effective.event.header, effective.event.payload, {}},
      verdict(effective.verdict),
      before(copy_of(effective.before)),
      after(copy_of(effective.after)) {}

projections::EffectiveEvent Change::effective() const {
  return {position, received_at, event, verdict, address_of(before), address_of(after)};
}

}  // namespace server
