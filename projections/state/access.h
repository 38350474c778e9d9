#pragma once

#include "events/base/text_limits.h"
#include "projections/state/entity_table.h"
#include "projections/state/projection.h"
#include "projections/state/units.h"

#include <optional>
#include <string>
#include <vector>

namespace projections {

/// A person's role in a unit, with its days.
struct Grant {
  events::RoleGrantId id;
  events::PersonId person;
  events::Role role{};
  events::UnitId unit;
  events::Day valid_from;
  events::Day valid_to;                     ///< First day without it; 0 = no end.
  std::optional<events::Day> revoked_from;  ///< First day without it.
  events::Position revoked_at;              ///< Where the first revocation took effect; 0 for none.
  events::Day revoked_on;                   ///< The day on which the log received that revocation.

  std::uint64_t key() const { return id.key(); }
  /// As granted, before any revocation.
  bool was_granted_on(events::Day day) const {
    return valid_from <= day && (valid_to.value == 0 || day < valid_to);
  }
  bool is_valid_on(events::Day day) const {
    return was_granted_on(day) && (!revoked_from || day < *revoked_from);
  }
  /// The same as the log said it before `at`: a revocation that came later is not known there.
  bool was_valid_on(events::Day day, events::Position at) const {
    return revoked_at > at ? was_granted_on(day) : is_valid_on(day);
  }
  /// The first day without it, by its term or by revocation; nothing while it has no end.
  std::optional<events::Day> end() const;
  /// Whether it ends on `day` or before, so that it never gives a right again.
  bool is_over_on(events::Day day) const { return end() && *end() <= day; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, person, role, unit, valid_from, valid_to, revoked_from, revoked_at, revoked_on);
  }
};

/// Whether the grant is valid on the day of `units` and its unit has not ended: a role ends with
/// its unit (U8).
inline bool is_in_force(const Grant& grant, const UnitsOnDay& units) {
  return grant.is_valid_on(units.day()) && !units.is_closed(grant.unit);
}

/// A device's chain and key.  Chains that continue one another are one family: one device, its
/// copies and what it was restored from.
struct Device {
  events::DeviceId id;
  events::ChainNumber chain;
  events::PublicKey public_key;
  std::vector<events::PersonId> persons;  ///< Who may be unlocked on it.
  std::string label;
  events::Timestamp enrolled_at;  ///< Server clock; of the first of its chains.
  bool revoked = false;
  events::ChainNumber continues;  ///< The chain that it had before and left to a copy; 0: none.
  std::uint64_t common_seq{};     ///< Events of that chain up to here are the device's own, too.
  events::Position enrolled_position;
  events::Position revoked_at;    ///< 0 while it is not.
  events::Position purged_as_of;  ///< It has confirmed every loss of scope up to here.
  events::Timestamp chain_since;  ///< Server clock; when it got this chain.
  events::Day quota_day;          ///< On this day it may put in more, see QuotaRaised.
  std::uint16_t quota_factor = 1;

  std::uint64_t key() const { return chain.value; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, chain, public_key, events::bounded<16>(persons),
            events::bounded<events::text_limits::device_label>(label), enrolled_at, revoked,
            continues, common_seq, enrolled_position, revoked_at, purged_as_of, chain_since,
            quota_day, quota_factor);
  }
};

/// An open or spent one-time code.
struct Offer {
  events::OfferId id;
  std::vector<events::PersonId> persons;
  events::Digest code_digest;
  events::Timestamp expires;
  events::DeviceId device;    ///< Who spent it; none while open.
  events::RoleGrantId grant;  ///< By which it was offered,
  events::ChainNumber chain;  ///< and on which device.

  std::uint64_t key() const { return id.key(); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, events::bounded<16>(persons), code_digest, expires, device, grant, chain);
  }
};

/// Chains that a family may go on with within 24 hours; in all protocol::continuations_max.
inline constexpr std::size_t family_continuations_a_day = 4;

/// Why a family of chains may not go on with another one.
enum class ContinuationFault : std::uint8_t { unknown = 1, revoked = 2, in_all = 3, a_day = 4 };

/// People's roles, devices, chains and enrolment offers.  All of it is reference scope.
class Access {
 public:
  static constexpr const char* name = "access";
  static constexpr std::uint32_t revision = 6;

  void apply(const EffectiveEvent& effective);
  void restrict_to(const events::ReaderScope& /*reader*/) {}

  const Grant* grant(events::RoleGrantId id) const { return grants_.find(id.key()); }
  const Device* device_of(events::ChainNumber chain) const { return devices_.find(chain.value); }
  const Device* device(events::DeviceId id) const;
  /// The first chain of the family that `chain` belongs to; `chain` itself when nobody knows it.
  events::ChainNumber family_of(events::ChainNumber chain) const;
  /// Nothing when the family of `chain` may go on with another one at `now`.
  std::optional<ContinuationFault> continuation_fault(events::ChainNumber chain,
                                                      events::Timestamp now) const;
  /// Whether the device that has `chain` now made the event, on this chain or on one that it left.
  bool made(events::ChainNumber chain, events::EventId event) const;
  const Offer* offer(events::OfferId id) const { return offers_.find(id.key()); }
  /// The offer whose code has this digest, open or spent; null when there is none.
  const Offer* offer_of_code(const events::Digest& code_digest) const;
  /// The number the next enrolled device gets.
  events::ChainNumber next_chain() const;
  /// Key of the server's own chain; all zero before the log is founded.
  const events::PublicKey& server_key() const { return server_key_; }
  /// What is sealed for the server is sealed to this key; all zero before it published one.
  const events::SealingKey& sealing_key() const { return sealing_key_; }
  events::LogId log() const { return log_; }

  const EntityTable<Grant>& grants() const { return grants_; }
  const EntityTable<Device>& devices() const { return devices_; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(log_, server_key_, sealing_key_, grants_, devices_, offers_);
  }

 private:
  void revoke_family(events::ChainNumber first, events::Position at);

  events::LogId log_;
  events::PublicKey server_key_;
  events::SealingKey sealing_key_;
  EntityTable<Grant> grants_;
  EntityTable<Device> devices_;  ///< By chain.
  EntityTable<Offer> offers_;
};

}  // namespace projections
