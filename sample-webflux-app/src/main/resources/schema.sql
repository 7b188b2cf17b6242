-- Five hundred orders of four lines each, with no index that a join could use.
CREATE TABLE order_line (purchase INT NOT NULL, product INT NOT NULL);

INSERT INTO order_line
SELECT MOD(x, 500) + 1, MOD(x * 7919, 211) + 1 FROM SYSTEM_RANGE(1, 2000);
