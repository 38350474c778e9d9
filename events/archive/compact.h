#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/base/text_archive.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace events {

/// Writes values in the compact form, the encoding of the log and of the wire: without streams,
/// without type information, with one encoding for each value.  `CompactInput` reads this form.
///
/// Format (docs/log_format.md 2):
///   unsigned      minimal LEB128 varint; std::uint8_t and bool are one byte
///   signed        zigzag, then varint
///   enum          its underlying type
///   string, bytes varint length, then the bytes       } always through bounded<N>()
///   vector        varint count, then the elements     }
///   optional      one byte 0 or 1, then the value
///   byte array    the bytes, without a length
///
/// Errors: a value that breaks its grammar makes `CompactInput` throw `cereal::Exception`.
///         `decode()` below turns the exception into `Error{malformed}`.  A function that uses an
///         archive itself catches the exception, or its declaration says "Throws:".
class CompactOutput : public cereal::OutputArchive<CompactOutput, cereal::AllowEmptyClassElision> {
 public:
  /// Appends to `target`.  Lifetime: `target` outlives the archive.
  explicit CompactOutput(Bytes& target) : OutputArchive(this), target_(target) {}

  void write_byte(std::uint8_t byte) { target_.push_back(byte); }

  void write_varint(std::uint64_t value);
  void write_bytes(ByteView bytes);
  /// Writes a count or a length, which is at most `limit` for a reader to accept it.
  void write_length(std::size_t length, std::size_t limit);

  /// Writing never fails; it only notes whether `holds`.  A caller that writes texts which people
  /// typed asks `within_limits()` afterwards.
  void expect(bool holds, const char* /*what*/) { within_limits_ = within_limits_ && holds; }

  /// Whether a reader accepts what was written: every field is inside its `bounded<N>()`.
  bool within_limits() const { return within_limits_; }

 private:
  Bytes& target_;
  bool within_limits_ = true;
};

/// Reads the compact form; `CompactOutput` says what it is and which errors there are.
class CompactInput : public cereal::InputArchive<CompactInput, cereal::AllowEmptyClassElision> {
 public:
  /// Lifetime: `source` outlives the archive.
  explicit CompactInput(ByteView source) : InputArchive(this), rest_(source) {}

  std::uint8_t read_byte() {
    if (rest_.empty()) fail("truncated");
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }

  std::uint64_t read_varint() {
    // Nine of ten numbers are one byte long.
    if (!rest_.empty() && rest_.front() < 0x80U) return read_byte();
    return read_long_varint();
  }
  /// Reads a number of a type whose greatest value is `limit`.
  std::uint64_t read_number(std::uint64_t limit) {
    const std::uint64_t number = read_varint();
    expect(number <= limit, "number out of range");
    return number;
  }

  /// The next `size` bytes.  Lifetime: as long as the source.
  ByteView read_bytes(std::size_t size);

  /// Reads a length or a count: at most `limit`, and at most the number of bytes that are left.
  std::size_t read_length(std::size_t limit);
  /// Reads a length of at most `limit`, and so many bytes.  Lifetime: as long as the source.
  ByteView read_bounded(std::size_t limit) { return read_bytes(read_length(limit)); }

  ByteView rest() const { return rest_; }

  void expect(bool holds, const char* what) const {
    if (!holds) fail(what);
  }

  [[noreturn]] static void fail(const char* what);

 private:
  std::uint64_t read_long_varint();

  ByteView rest_;
};

// ---- save and load of each kind of value; cereal finds them by argument-dependent look-up ----

template <std::unsigned_integral T>
void save(CompactOutput& archive, const T& value) {
  if constexpr (sizeof(T) == 1) {
    archive.write_byte(static_cast<std::uint8_t>(value));
  } else {
    archive.write_varint(value);
  }
}

template <std::unsigned_integral T>
void load(CompactInput& archive, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    const std::uint8_t byte = archive.read_byte();
    archive.expect(byte <= 1, "bool is neither 0 nor 1");
    value = byte == 1;
  } else if constexpr (sizeof(T) == 1) {
    value = archive.read_byte();
  } else {
    value = static_cast<T>(archive.read_number(std::numeric_limits<T>::max()));
  }
}

template <std::signed_integral T>
void save(CompactOutput& archive, const T& value) {
  const auto wide = static_cast<std::int64_t>(value);
  archive.write_varint((static_cast<std::uint64_t>(wide) << 1U) ^
                       static_cast<std::uint64_t>(wide >> 63));
}

template <std::signed_integral T>
void load(CompactInput& archive, T& value) {
  const std::uint64_t zigzag = archive.read_varint();
  const auto wide =
      static_cast<std::int64_t>(zigzag >> 1U) ^ -static_cast<std::int64_t>(zigzag & 1U);
  archive.expect(wide >= std::numeric_limits<T>::min() && wide <= std::numeric_limits<T>::max(),
                 "number out of range");
  value = static_cast<T>(wide);
}

template <std::size_t Size>
void save(CompactOutput& archive, const std::array<std::uint8_t, Size>& bytes) {
  archive.write_bytes(bytes);
}

template <std::size_t Size>
void load(CompactInput& archive, std::array<std::uint8_t, Size>& bytes) {
  const ByteView source = archive.read_bytes(Size);
  std::copy(source.begin(), source.end(), bytes.begin());
}

template <class T>
void save(CompactOutput& archive, const std::optional<T>& value) {
  archive.write_byte(value.has_value() ? 1 : 0);
  if (value.has_value()) archive(*value);
}

template <class T>
void load(CompactInput& archive, std::optional<T>& value) {
  const std::uint8_t present = archive.read_byte();
  archive.expect(present <= 1, "optional is neither absent nor present");
  if (present == 0) {
    value.reset();
  } else {
    archive(value.emplace());
  }
}

template <std::size_t Limit, class T>
void save(CompactOutput& archive, const Bounded<Limit, T>& value) {
  archive.write_length(value.field.size(), Limit);
  using Element = typename T::value_type;
  if constexpr (sizeof(Element) == 1 && std::is_integral_v<Element>) {
    archive.write_bytes(
        {reinterpret_cast<const std::uint8_t*>(value.field.data()), value.field.size()});
  } else {
    for (const auto& element : value.field) archive(element);
  }
}

template <std::size_t Limit, class T>
void load(CompactInput& archive, Bounded<Limit, T>& value) {
  using Element = typename T::value_type;
  if constexpr (sizeof(Element) == 1 && std::is_integral_v<Element>) {
    const ByteView source = archive.read_bounded(Limit);
    const auto* const begin = reinterpret_cast<const Element*>(source.data());
    value.field.assign(begin, begin + source.size());
  } else {
    const std::size_t length = archive.read_length(Limit);
    value.field.clear();
    value.field.reserve(length);
    for (std::size_t index = 0; index < length; ++index) archive(value.field.emplace_back());
  }
}

template <class T>
void serialize(CompactOutput& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}

template <class T>
void serialize(CompactInput& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}

/// The compact form of `value`, which has a cereal `serialize()`.
template <class T>
Bytes encode(const T& value) {
  Bytes bytes;
  CompactOutput archive(bytes);
  archive(value);
  return bytes;
}

/// Calls `read` to fill `value` from the whole of `source`: what decode() is for each type, once.
/// Errors: malformed; the message names the grammar rule that is broken.
Result<void> decode_into(ByteView source, void* value, void (*read)(CompactInput&, void*));

/// Reads one `T` that fills `source` exactly.
/// Errors: malformed; the message names the grammar rule that is broken.
template <class T>
Result<T> decode(ByteView source) {
  T value{};
  Result<void> read = decode_into(source, &value, [](CompactInput& archive, void* target) {
    archive(*static_cast<T*>(target));
  });
  if (!read) return std::move(read).error();
  return value;
}

}  // namespace events

CEREAL_SETUP_ARCHIVE_TRAITS(events::CompactInput, events::CompactOutput)
