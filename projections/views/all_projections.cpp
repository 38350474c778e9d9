#include "projections/views/all_projections.h"

#include <array>

namespace projections {
namespace {

template <class... T>
constexpr std::array<ProjectionInfo, sizeof...(T)> info_of() {
  return {ProjectionInfo{T::name, T::revision}...};
}

constexpr auto infos = info_of<State, Units, Access, Subjects, Rulebook, Dossiers, Documents, Inbox,
                               EvidenceFiles, TitleStatus, Statistics>();

}  // namespace

void Views::apply(const EffectiveEvent& effective, const State& state) {
  std::apply([&](auto&... view) { (view.apply(effective, state), ...); }, members());
}

void Views::restrict_to(const events::ReaderScope& reader) {
  std::apply([&](auto&... view) { (view.restrict_to(reader), ...); }, members());
}

State::OnEffect Views::on_effect() {
  return [this](const EffectiveEvent& effective, const State& state) { apply(effective, state); };
}

std::span<const ProjectionInfo> all_projections() { return infos; }

}  // namespace projections
