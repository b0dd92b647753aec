"""Makes vectors.json with implementations which are not ours: the other side of the signature tests.

    pip install stripe==16.1.0 python-alipay-sdk==3.4.0 wechatpayv3==2.0.4 cryptography
    python make.py            writes vectors.json and the keys beside it (new keys each time they are missing)
    python make.py --print    writes the vectors to standard output, with the keys which are there

Stripe's own library signs the webhooks, python-alipay-sdk (with PyCryptodome) signs and verifies for Alipay, wechatpayv3
(with OpenSSL through `cryptography`) signs and seals for WeChat Pay. All the keys are for tests and open nothing. published.json
is not made here: it holds what WeChat Pay's documentation prints.
"""

import base64
import datetime
import json
import pathlib
import sys
from unittest import mock
from urllib.parse import parse_qsl, urlencode

import stripe
from alipay import AliPay
from alipay.utils import AliPayConfig
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from wechatpayv3 import utils as wechat

HERE = pathlib.Path(__file__).parent
SECONDS = 1780300800  # 2026-06-01T08:00:00Z
API_KEY = "an-api-v3-key-for-tests-only-32b"


def key_pair(name):
    """The private key of that name, made when it is not there, with its public half beside it."""
    path = HERE / f"{name}.pem"
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        (HERE / f"{name}_public.pem").write_bytes(key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        (HERE / f"{name}_pkcs1.pem").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption()))
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{name} for tests")])
        certificate = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
            .public_key(key.public_key()).serial_number(0x5F0E1D2C3B4A59687706F5E4D3C2B1A091827364)
            .not_valid_before(datetime.datetime(2026, 1, 1)).not_valid_after(datetime.datetime(2046, 1, 1))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
        (HERE / f"{name}_certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path.read_text(), (HERE / f"{name}_public.pem").read_text()


def stripe_vectors():
    secret = "whsec_for_tests_only"
    body = '{"id":"evt_1","type":"charge.refund.updated","data":{"object":{"note":"退款 ✓"}}}'
    signature = stripe.WebhookSignature._compute_signature(f"{SECONDS}.{body}", secret)
    header = f"t={SECONDS},v1={signature}"
    with mock.patch("time.time", return_value=SECONDS + 1):
        assert stripe.WebhookSignature.verify_header(body, header, secret, 300)
    return {"secret": secret, "seconds": SECONDS, "body": body, "header": header}


def alipay_vectors(merchant, platform):
    ours = AliPay(
        appid="2021000000000001", app_notify_url=None, app_private_key_string=merchant[0],
        alipay_public_key_string=platform[1], sign_type="RSA2", config=AliPayConfig(timeout=1))
    theirs = AliPay(
        appid="2021000000000001", app_notify_url=None, app_private_key_string=platform[0],
        alipay_public_key_string=merchant[1], sign_type="RSA2", config=AliPayConfig(timeout=1))
    request = {
        "app_id": "2021000000000001", "method": "alipay.trade.precreate", "format": "JSON",
        "charset": "utf-8", "sign_type": "RSA2", "timestamp": "2026-06-01 16:00:00", "version": "1.0",
        "notify_url": "https://market.example/hooks/payments/alipay",
        "biz_content": '{"out_trade_no":"1a-2b","subject":"蓝牙耳机 & co","total_amount":"88.88"}',
    }
    signed = dict(parse_qsl(ours.sign_data(dict(request))))
    assert theirs.verify({k: v for k, v in signed.items() if k not in ("sign", "sign_type")} | {}, "x" * 344) is False
    notice = {
        "app_id": "2021000000000001", "notify_type": "trade_status_sync", "charset": "utf-8",
        "version": "1.0", "out_trade_no": "1a-2b", "trade_no": "2026060122001400000000000001",
        "trade_status": "TRADE_SUCCESS", "total_amount": "88.88", "seller_id": "2088000000000001",
        "subject": "蓝牙耳机 & co", "gmt_payment": "2026-06-01 16:01:00", "empty": "",
    }
    content = "&".join(f"{k}={v}" for k, v in sorted(notice.items()) if v != "")
    sign = theirs._sign(content)
    assert ours.verify({k: v for k, v in notice.items() if v != ""}, sign)
    node = '{"code":"10000","msg":"Success","out_trade_no":"1a-2b","qr_code":"https:\\/\\/qr.alipay.com\\/bax1"}'
    answer = f'{{"alipay_trade_precreate_response":{node},"sign":"{theirs._sign(node)}"}}'
    return {
        "app_id": "2021000000000001", "request": request, "request_sign": signed["sign"],
        "notice_form": urlencode(notice | {"sign_type": "RSA2", "sign": sign}),
        "answer": answer, "node": node,
    }


def wechat_vectors(merchant, platform):
    serial = "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"
    nonce, path = "593BEC0C930BF1AFEB40B4A08C8FB242", "/v3/pay/transactions/native"
    body = '{"mchid":"1900007291","description":"蓝牙耳机","amount":{"total":8888,"currency":"CNY"}}'
    with mock.patch.object(wechat.time, "time", return_value=SECONDS):
        authorization = wechat.build_authorization(
            path, "POST", "1900007291", serial, wechat.load_private_key(merchant[0]), body, nonce)
    answer = '{"code_url":"weixin://wxpay/bizpayurl?pr=tests"}'
    answer_sign = wechat.rsa_sign(
        wechat.load_private_key(platform[0]), f"{SECONDS}\n{nonce}\n{answer}\n")
    assert wechat.rsa_verify(str(SECONDS), nonce, answer, answer_sign, wechat.load_public_key(platform[1]))
    opened = '{"mchid":"1900007291","out_trade_no":"1a-2b","transaction_id":"4200001","trade_state":"SUCCESS","amount":{"total":8888,"currency":"CNY"},"note":"已支付"}'
    sealed = base64.b64encode(
        AESGCM(API_KEY.encode()).encrypt(b"fdasfjihihih", opened.encode(), b"transaction")).decode()
    assert wechat.aes_decrypt("fdasfjihihih", sealed, "transaction", API_KEY) == opened
    return {
        "serial": serial, "merchant_id": "1900007291", "seconds": SECONDS, "nonce": nonce, "path": path,
        "body": body, "authorization": authorization, "answer": answer, "answer_sign": answer_sign,
        "api_key": API_KEY, "opened": opened,
        "sealed": {"algorithm": "AEAD_AES_256_GCM", "ciphertext": sealed, "nonce": "fdasfjihihih",
                   "associated_data": "transaction", "original_type": "transaction"},
    }


def main():
    merchant, platform = key_pair("merchant"), key_pair("platform")
    vectors = {
        "stripe": stripe_vectors(),
        "alipay": alipay_vectors(merchant, platform),
        "wechat_pay": wechat_vectors(merchant, platform),
    }
    text = json.dumps(vectors, ensure_ascii=False, indent=1) + "\n"
    if "--print" in sys.argv:
        print(text, end="")
    else:
        (HERE / "vectors.json").write_text(text)


main()
