#pragma once

#include <cereal/cereal.hpp>

#include <cstddef>
#include <type_traits>

namespace events {

/// A string, byte string or vector together with the greatest length it may have, in bytes or
/// elements.  The compact archive checks the length before it reserves memory.
template <std::size_t Limit, class T>
struct Bounded {
  T& field;
};

/// Every string and every container goes through an archive in this form:
/// `archive(bounded<64>(number))`.
template <std::size_t Limit, class T>
Bounded<Limit, T> bounded(T& field) {
  return {field};
}

}  // namespace events

/// A bounded field with its name, which people see in JSON.
#define BOUNDED_NVP(limit, field) ::cereal::make_nvp(#field, ::events::bounded<(limit)>(field))
