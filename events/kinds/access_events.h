#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// Vai trò.  On disk for ever (domain.md 4.4).
enum class Role : std::uint8_t {
  registrar = 1,            ///< quản trị hệ thống: units, cycles, roles downward
  proxy_entrant = 2,        ///< người nhập thay
  branch_head = 3,          ///< chi hội trưởng khuyến học thôn
  hamlet_head = 4,          ///< trưởng thôn
  unit_board = 5,           ///< ban khuyến học cơ quan, trường học
  clan_board = 6,           ///< ban khuyến học dòng họ
  commune_clerk = 7,        ///< văn thư, công chức văn hóa – xã hội
  commune_assoc_chair = 8,  ///< chủ tịch Hội Khuyến học xã
  appraiser = 9,            ///< thành viên hội đồng thẩm định
  signer = 10,              ///< người ký quyết định
  district_assoc = 11,      ///< Hội Khuyến học huyện, thành phố
  province_assoc = 12,      ///< Hội Khuyến học tỉnh
  central_assoc = 13,       ///< Hội Khuyến học Việt Nam
  auditor = 14,             ///< kiểm tra, giám sát
  device_admin = 15,        ///< quản trị thiết bị
};
template <>
struct EnumTable<Role> {
  using enum Role;
  static constexpr EnumRow<Role> rows[] = {
      {registrar, "registrar"},           {proxy_entrant, "proxy_entrant"},
      {branch_head, "branch_head"},       {hamlet_head, "hamlet_head"},
      {unit_board, "unit_board"},         {clan_board, "clan_board"},
      {commune_clerk, "commune_clerk"},   {commune_assoc_chair, "commune_assoc_chair"},
      {appraiser, "appraiser"},           {signer, "signer"},
      {district_assoc, "district_assoc"}, {province_assoc, "province_assoc"},
      {central_assoc, "central_assoc"},   {auditor, "auditor"},
      {device_admin, "device_admin"},
  };
};
inline constexpr std::uint8_t role_max = greatest_number<Role>();

/// A person may act in a role in a unit and all below it, on days in [valid_from, valid_to).
struct RoleGranted {
  static constexpr EventType type = EventType::role_granted;
  static constexpr std::string_view kind_name = "RoleGranted";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = true;
  PersonId person;
  Role role{};
  UnitId unit;  ///< None: the whole log.
  Day valid_from;
  Day valid_to;  ///< First day without it; 0 = no end.
  std::string basis;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(person), CEREAL_NVP(role), CEREAL_NVP(unit), CEREAL_NVP(valid_from),
            CEREAL_NVP(valid_to), BOUNDED_NVP(text_limits::basis, basis));
  }
};

/// A role ends; acts on later business days have no authority from it.
struct RoleRevoked {
  static constexpr EventType type = EventType::role_revoked;
  static constexpr std::string_view kind_name = "RoleRevoked";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = false;
  RoleGrantId grant;
  Day effective;  ///< First day without it.
  std::string basis;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(grant), CEREAL_NVP(effective), BOUNDED_NVP(text_limits::basis, basis));
  }
};

/// Whoever knows the code may enrol one device for these people before it expires.
struct EnrolmentOffered {
  static constexpr EventType type = EventType::enrolment_offered;
  static constexpr std::string_view kind_name = "EnrolmentOffered";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = true;
  std::vector<PersonId> persons;  ///< Who may be unlocked on the device.
  Digest code_digest;             ///< SHA-256 of the code's 16 letters and digits.
  Timestamp expires;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(BOUNDED_NVP(16, persons), CEREAL_NVP(code_digest), CEREAL_NVP(expires));
  }
};

/// A device has a chain and a key.  On the system chain; the spent code is in it, so that an
/// auditor sees the offer was met.
struct DeviceEnrolled {
  static constexpr EventType type = EventType::device_enrolled;
  static constexpr std::string_view kind_name = "DeviceEnrolled";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = true;
  OfferId offer;     ///< None only for the founding device.
  std::string code;  ///< The spent one-time code; empty only for the founding device.
  ChainNumber chain;
  PublicKey public_key;
  std::vector<PersonId> persons;
  std::string label;  ///< "Laptop Hội Khuyến học xã Nà Tấu".

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(offer), BOUNDED_NVP(16, code), CEREAL_NVP(chain), CEREAL_NVP(public_key),
            BOUNDED_NVP(16, persons), BOUNDED_NVP(text_limits::device_label, label));
  }
};

/// Nothing a device says counts any more.
struct DeviceRevoked {
  static constexpr EventType type = EventType::device_revoked;
  static constexpr std::string_view kind_name = "DeviceRevoked";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = false;
  DeviceId device;
  std::string reason;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(device), BOUNDED_NVP(text_limits::reason, reason));
  }
};

/// A device may put in `factor` times the usual quota on one day.  The people who may revoke the
/// device may say so.
struct QuotaRaised {
  static constexpr EventType type = EventType::quota_raised;
  static constexpr std::string_view kind_name = "QuotaRaised";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = false;
  DeviceId device;
  Day day;                   ///< On which it holds, in Viet Nam, by the server's clock.
  std::uint16_t factor = 2;  ///< 2 to 20 times the usual quota.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(device), CEREAL_NVP(day), CEREAL_NVP(factor));
  }
};

}  // namespace events
