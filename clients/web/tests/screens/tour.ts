// Leads through every screen of the page, filled as on a working day.

import type { Page } from 'playwright-core';
import type { Day } from './day';

type Look = (screen: string, page: Page) => Promise<void>;

export class Tour {
  /** Those that were seen. */
  readonly screens: string[] = [];

  constructor(
    private readonly day: Day,
    private readonly look: Look,
  ) {}

  async run(): Promise<void> {
    const { commune, officer } = this.day;
    const { page } = officer;
    await this.enrol(await commune.invite('proxy_entrant', 'branch_head'));
    await this.see('home-empty');
    await officer.go('register');
    await officer.heading('Ghi một người');
    await this.see('register-empty');
    await officer.choosesGroup('Bản Nà Tấu');
    await officer.presses('Ghi');
    await this.see('register-problems');
    await officer.registers({ name: 'Lò Thị Ánh', day: '12', month: '3', year: '1990' });
    await this.see('register-saved');
    await officer.presses('Người tiếp theo');
    await officer.fillsPerson({ name: 'Lò Thị Ánh', year: '1990' });
    await officer.presses('Ghi');
    await page.locator('dialog').waitFor();
    await this.see('register-alike');
    await officer.presses('Là người khác, ghi mới');
    await officer.presses('Ghi');
    await officer.heading('Đã ghi');
    await officer.presses('Người tiếp theo');
    const others = ['Quàng Văn Đôi', 'Cà Thị Hương', 'Tòng Thị Nguyệt'];
    for (const [at, name] of others.entries()) {
      await officer.registers({ name, year: String(1970 + 8 * at), gender: 'Nữ' });
      if (at < others.length - 1) await officer.presses('Người tiếp theo');
    }
    await officer.presses('Giấy tờ đã xem');
    await officer.heading('Giấy tờ đã xem');
    await page.locator('.chip').first().click();
    await this.see('evidence');
    await officer.presses('Đã xem giấy');
    await officer.sees('Đã ghi 1 giấy tờ');
    await officer.presses('Về hồ sơ');
    await this.acts();
    await this.lists();
    await this.lock();
  }

  private async see(screen: string): Promise<void> {
    // Live regions and views that follow the disk have settled by then.
    await this.day.officer.page.waitForTimeout(400);
    this.screens.push(screen);
    await this.look(screen, this.day.officer.page);
  }

  private async enrol(code: string): Promise<void> {
    const { officer } = this.day;
    await officer.open(`enrol/${code}`);
    await officer.heading('Ghi danh máy này');
    await this.see('enrol');
    await officer.presses('Ghi danh');
    await officer.heading('Máy này ghi với tên');
    await this.see('enrol-who');
    await officer.presses('Đúng là chúng tôi');
    await officer.heading('Đặt mã PIN');
    await this.see('enrol-pin');
    await officer.field('Mã PIN').fill('246810');
    await officer.field('Gõ lại mã PIN').fill('246810');
    await officer.presses('Lưu mã PIN');
    await officer.heading('Xã Nà Tấu');
  }

  private async acts(): Promise<void> {
    const { officer } = this.day;
    await officer.accepts();
    await this.see('dossier');
    await officer.presses('Chấm điểm');
    await officer.heading('Phiếu điểm');
    const rows = await officer.page.locator('.score-row').all();
    for (const row of rows.slice(0, 4)) {
      await officer.chip('8', row).click();
    }
    await this.see('sheet-begun');
    for (const row of rows) await officer.chip('7', row).click();
    await officer.sees(/Chưa đạt/);
    await this.see('sheet-missed');
    for (const row of rows) await officer.chip('8', row).click();
    await officer.presses('Ghi phiếu');
    await officer.sees('Đã tự đánh giá');
    await officer.presses('Chi tiết');
    await this.see('dossier-scored');
    await officer.presses('Rút hồ sơ');
    await this.see('dossier-act');
    await officer.presses('Quay lại');
  }

  private async lists(): Promise<void> {
    const { officer, commune } = this.day;
    await officer.go('');
    await officer.heading('Xã Nà Tấu');
    await this.see('home');
    await officer.go('people');
    await officer.heading('Danh sách');
    await officer.sees('Lò Thị Ánh');
    await this.see('people');
    await officer.field('Tìm theo tên').fill('lo anh');
    await officer.presses('Lọc');
    await this.see('people-search');
    await officer.go('board');
    await officer.heading(/Số liệu/);
    await this.see('board');
    await officer.presses(/Đã tự đánh giá/);
    await this.see('board-figure');
    await officer.presses('Đóng');
    await officer.go('settings');
    await officer.heading('Máy này');
    await this.see('settings');
    await commune.stop();
    await officer.go('register');
    await officer.registers({ name: 'Vàng A Sùng', year: '1988', gender: 'Nam' });
    await officer.go('items');
    await officer.heading('Việc đã ghi trên máy này');
    await this.see('items');
    await officer.go('sync');
    await officer.heading('Đồng bộ');
    await this.see('sync-offline');
  }

  private async lock(): Promise<void> {
    const { officer } = this.day;
    await officer.go('settings');
    await officer.presses('Khóa ngay');
    await officer.heading('Máy đang khóa');
    for (let guess = 0; guess < 4; guess += 1) {
      await officer.field('Mã PIN').fill(`wrong ${guess}`);
      await officer.presses('Mở khóa');
      if (guess < 3) await officer.sees('Mã PIN không đúng');
    }
    await officer.sees(/Hãy đợi/);
    await this.see('unlock-wait');
  }
}
