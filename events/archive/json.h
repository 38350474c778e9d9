#pragma once

#include "events/base/bounded.h"

#include <cereal/archives/json.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

#include <cstddef>

namespace events {

// In JSON a bounded field is simply the field: it opens no object of its own.

template <std::size_t Limit, class T>
void prologue(cereal::JSONOutputArchive& /*archive*/, const Bounded<Limit, T>& /*value*/) {}
template <std::size_t Limit, class T>
void epilogue(cereal::JSONOutputArchive& /*archive*/, const Bounded<Limit, T>& /*value*/) {}
template <std::size_t Limit, class T>
void prologue(cereal::JSONInputArchive& /*archive*/, const Bounded<Limit, T>& /*value*/) {}
template <std::size_t Limit, class T>
void epilogue(cereal::JSONInputArchive& /*archive*/, const Bounded<Limit, T>& /*value*/) {}

template <std::size_t Limit, class T>
void save(cereal::JSONOutputArchive& archive, const Bounded<Limit, T>& value) {
  archive(value.field);
}

/// The whole text is bounded before it is parsed; here only the field's own limit is left to check.
template <std::size_t Limit, class T>
void load(cereal::JSONInputArchive& archive, Bounded<Limit, T>& value) {
  archive(value.field);
  if (value.field.size() > Limit) throw cereal::Exception("longer than its limit");
}

}  // namespace events
