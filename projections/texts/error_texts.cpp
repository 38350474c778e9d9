#include "projections/texts/catalogue.h"

// What an officer should do when an operation failed.
namespace projections {

// Tables: one value a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(events::ErrorCode /*any*/) {
  using enum events::ErrorCode;
  static constexpr TextRow rows[] = {
      {malformed,
       "Dữ liệu nhận được bị sai cấu trúc. Xin thử đồng bộ lại; nếu vẫn lỗi, xin báo quản trị "
       "thiết bị.",
       "The data is not in its proper form. Synchronise again; if it still fails, tell the device "
       "administrator."},
      {too_large,
       "Dữ liệu lớn hơn mức cho phép. Xin chia nhỏ danh sách hoặc giảm dung lượng tệp rồi gửi lại.",
       "The data is larger than allowed. Split the list or make the file smaller, then send it "
       "again."},
      {unsupported,
       "Phần mềm trên thiết bị và máy chủ khác phiên bản. Xin cập nhật phần mềm rồi đồng bộ lại; "
       "dữ liệu đã nhập vẫn còn.",
       "The program on the device and the server are of different versions. Update the program, "
       "then synchronise again; what was entered is still there."},
      {bad_signature,
       "Chữ ký của thiết bị không khớp. Xin ngừng nhập trên thiết bị này và báo ngay quản trị "
       "thiết bị.",
       "The signature of the device does not verify. Stop entering on this device and tell the "
       "device administrator at once."},
      {gap,
       "Máy chủ còn thiếu dữ liệu gửi trước đó. Thiết bị sẽ tự gửi bù; xin giữ kết nối.",
       "The server lacks data that was sent before. The device sends it again by itself; keep the "
       "connection."},
      {fork,
       "Dữ liệu của thiết bị này đã được gửi từ một bản sao khác. Xin ngừng nhập và báo quản trị "
       "thiết bị để ghi danh lại.",
       "Data of this device was already sent from another copy of it. Stop entering and ask the "
       "device administrator to enrol it again."},
      {not_enrolled,
       "Thiết bị chưa được ghi danh. Xin liên hệ quản trị thiết bị để được cấp mã mời.",
       "The device is not enrolled. Ask the device administrator for an enrolment code."},
      {revoked,
       "Thiết bị đã bị thu hồi. Xin giao lại thiết bị cho quản trị để lấy dữ liệu chưa gửi.",
       "The device was revoked. Hand it to the administrator, who saves what was not sent."},
      {private_missing,
       "Máy chủ chưa nhận được phần thông tin cá nhân kèm theo. Thiết bị sẽ tự gửi lại; nếu vẫn "
       "lỗi, xin nhập lại thông tin của người này.",
       "The server has not received the personal data that belongs to it. The device sends it "
       "again by itself; if it still fails, enter this person's data again."},
      {wrong_log,
       "Thiết bị đang nối với máy chủ của nơi khác. Xin kiểm tra lại địa chỉ máy chủ.",
       "The device is connected to the server of another place. Check the address of the server."},
      {log_diverged,
       "Dữ liệu của thiết bị và máy chủ không còn khớp nhau. Xin giữ nguyên thiết bị và báo quản "
       "trị hệ thống.",
       "The data of the device and of the server no longer match. Leave the device as it is and "
       "tell the system administrator."},
      {not_permitted,
       "Vai trò hiện tại không được xem hoặc làm việc này. Xin liên hệ quản trị hệ thống nếu cần "
       "được giao thêm vai trò.",
       "Your present role may not see or do this. Ask the system administrator if you need another "
       "role."},
      // All causes in one sentence: which one it was would help a stranger who tries codes.
      {enrolment_refused,
       "Mã mời sai, đã dùng hoặc hết hạn. Xin kiểm tra lại hoặc xin cấp mã mới.",
       "The enrolment code is wrong, used or expired. Check it or ask for a new one."},
      {storage_failed,
       "Máy chủ không ghi được dữ liệu. Dữ liệu đã nhập vẫn còn trên thiết bị; xin báo quản trị hệ "
       "thống và đồng bộ lại sau.",
       "The server cannot write its data. What was entered is still on the device; tell the system "
       "administrator and synchronise again later."},
      {storage_corrupt,
       "Dữ liệu lưu trữ bị hỏng. Xin ngừng sử dụng và báo ngay quản trị hệ thống.",
       "Stored data is damaged. Stop working and tell the system administrator at once."},
      {storage_rolled_back,
       "Dữ liệu lưu trữ cũ hơn lần dùng trước. Xin ngừng sử dụng và báo ngay quản trị hệ thống.",
       "The stored data is older than at its last use. Stop working and tell the system "
       "administrator at once."},
      {not_found,
       "Không tìm thấy nội dung yêu cầu. Xin đồng bộ rồi thử lại.",
       "What was asked for does not exist. Synchronise and try again."},
      {busy,
       "Máy chủ đang bận. Thiết bị sẽ tự thử lại sau ít phút.",
       "The server is busy. The device tries again by itself in a few minutes."},
      {closed,
       "Kết nối đã ngắt. Thiết bị sẽ tự nối lại khi có mạng; có thể tiếp tục nhập.",
       "The connection was cut. The device connects again by itself when there is a network; you "
       "can go on entering."},
      {timed_out,
       "Máy chủ chưa trả lời. Thiết bị sẽ tự thử lại khi mạng tốt hơn; có thể tiếp tục nhập.",
       "The server has not answered. The device tries again by itself when the network is better; "
       "you can go on entering."},
      {invalid_argument,
       "Giá trị nhập hoặc cấu hình chưa đúng. Xin kiểm tra lại.",
       "A value or a setting is not right. Check it."},
      {quota,
       "Thiết bị đã gửi hết hạn mức hôm nay. Phần còn lại vẫn ở trên thiết bị và tự gửi ngày mai; "
       "cần gửi ngay, xin quản trị thiết bị nâng hạn mức.",
       "The device has sent all that it may send today. The rest stays on the device and is sent "
       "tomorrow; if it is urgent, ask the device administrator to raise the quota."},
      {server_clock,
       "Máy chủ sai giờ nên tạm không nhận. Dữ liệu đã nhập vẫn còn trên thiết bị; xin báo quản "
       "trị hệ thống rồi đồng bộ lại sau.",
       "The clock of the server is wrong, so that it takes nothing for now. What was entered is "
       "still on the device; tell the system administrator and synchronise again later."},
      {unproved_server,
       "Máy chủ không chứng minh được là máy chủ của sổ này. Chưa gửi gì; xin kiểm tra địa chỉ máy "
       "chủ và báo quản trị hệ thống.",
       "The server did not prove that it is the server of this log. Nothing was sent; check the "
       "address of the server and tell the system administrator."},
      {log_alarm,
       "Sổ trên máy chủ khác với sổ mà máy chủ đã ký trước đây. Xin giữ nguyên thiết bị và báo "
       "ngay kiểm toán, quản trị hệ thống.",
       "The log on the server differs from the log that the server signed before. Leave the device "
       "as it is and tell the auditor and the system administrator at once."},
      {device_storage,
       "Bộ nhớ của thiết bị này không ghi được; việc vừa nhập CHƯA được ghi. Xin kiểm tra bộ nhớ "
       "của thiết bị rồi nhập lại.",
       "The storage of this device cannot be written; what you just entered was NOT recorded. "
       "Check the storage of the device, then enter it again."},
      {device_denied,
       "Người dùng này không được phép đọc thư mục của thiết bị. Xin dùng đúng tài khoản đã ghi "
       "danh thiết bị.",
       "This user may not read the folder of the device. Use the account that enrolled the "
       "device."},
      {locked,
       "Thiết bị đang khóa. Xin mở bằng mã PIN hoặc tệp khóa; dữ liệu vẫn còn nguyên.",
       "The device is locked. Open it with the PIN or the key file; all data is still there."},
      {needs_signature,
       "Trình duyệt chưa ký được bằng khóa của thiết bị này. Dữ liệu vẫn ở trên thiết bị; xin tải "
       "lại trang rồi thử lại.",
       "The browser could not sign with the key of this device. All data is still on the device; "
       "load the page again and try once more."},
      {io_failed,
       "Không nối được với máy chủ. Những gì đã ghi vẫn còn trên thiết bị; xin thử lại khi có "
       "mạng.",
       "The server cannot be reached. What was recorded is still on the device; try again when "
       "there is a network."},
  };
  static_assert(cover<events::ErrorCode>(rows));
  static constexpr EnumTexts texts{{"Lỗi", "Error"}, rows};
  return texts;
}

// clang-format on

}  // namespace projections
