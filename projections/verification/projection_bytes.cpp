#include "projections/verification/projection_bytes.h"

#include <tuple>

namespace verification {

std::optional<events::Bytes> projection_bytes(std::string_view name,
                                              const projections::State& state,
                                              projections::Views& views) {
  std::optional<events::Bytes> bytes;
  const auto encode_if_named = [&]<class T>(const T& projection) {
    if (name == T::name) bytes = events::encode(projection);
  };
  if (name == "views") return events::encode(views);
  encode_if_named(state);
  std::apply([&](const auto&... parts) { (encode_if_named(parts), ...); }, state.members());
  std::apply([&](const auto&... view) { (encode_if_named(view), ...); }, views.members());
  return bytes;
}

}  // namespace verification
