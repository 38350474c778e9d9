#include "projections/views/all_projections.h"

#include <array>
#include <type_traits>
#include <utility>

namespace projections {
namespace {

template <class... T>
constexpr std::array<ProjectionInfo, sizeof...(T)> info_of(const std::tuple<T&...>*) {
  return {ProjectionInfo{std::remove_cvref_t<T>::name, std::remove_cvref_t<T>::revision}...};
}

using Members = decltype(std::tuple_cat(std::declval<std::tuple<const State&>>(),
                                        std::declval<const State&>().members(),
                                        std::declval<const Views&>().members()));

constexpr auto infos = info_of(static_cast<const Members*>(nullptr));

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
