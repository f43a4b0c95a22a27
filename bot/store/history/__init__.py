"""What happened: activities, the ledger, receipts, vouchers' stock, programme versions."""
