/* Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file. */

static PyObject *lifted0_neg(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(-1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_identity(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_abs(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_sign(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sqrt(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[1]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_cbrt(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_TrueDivide(in[1], in[0]))) goto done;
    if (!(t[1] = PyFloat_FromDouble(3.0))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    result = Py_NewRef(t[2]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_exp(PyObject *const *in) {
    return Py_NewRef(in[1]);
}

static PyObject *lifted0_exp2(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.6931471805599453))) goto done;
    if (!(t[1] = PyNumber_Multiply(in[1], t[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_expm1(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_exp(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_log(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_log2(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(0.6931471805599453))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    if (!(t[3] = PyNumber_TrueDivide(t[2], in[0]))) goto done;
    result = Py_NewRef(t[3]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_log10(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(2.302585092994046))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    if (!(t[3] = PyNumber_TrueDivide(t[2], in[0]))) goto done;
    result = Py_NewRef(t[3]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_log1p(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Add(t[1], in[0]))) goto done;
    if (!(t[3] = PyNumber_TrueDivide(t[0], t[2]))) goto done;
    result = Py_NewRef(t[3]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sin(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_cos(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_cos(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = f_sin(NULL, in[0]))) goto done;
    if (!(t[1] = PyNumber_Negative(t[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_tan(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyNumber_Multiply(in[1], in[1]))) goto done;
    if (!(t[2] = PyNumber_Add(t[0], t[1]))) goto done;
    result = Py_NewRef(t[2]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_asin(PyObject *const *in) {
    PyObject *t[8] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Subtract(t[1], in[0]))) goto done;
    if (!(t[3] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[4] = PyNumber_Add(t[3], in[0]))) goto done;
    if (!(t[5] = PyNumber_Multiply(t[2], t[4]))) goto done;
    if (!(t[6] = f_sqrt(NULL, t[5]))) goto done;
    if (!(t[7] = PyNumber_TrueDivide(t[0], t[6]))) goto done;
    result = Py_NewRef(t[7]);
    done:
    for (int k = 0; k < 8; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_acos(PyObject *const *in) {
    PyObject *t[8] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(-1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Subtract(t[1], in[0]))) goto done;
    if (!(t[3] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[4] = PyNumber_Add(t[3], in[0]))) goto done;
    if (!(t[5] = PyNumber_Multiply(t[2], t[4]))) goto done;
    if (!(t[6] = f_sqrt(NULL, t[5]))) goto done;
    if (!(t[7] = PyNumber_TrueDivide(t[0], t[6]))) goto done;
    result = Py_NewRef(t[7]);
    done:
    for (int k = 0; k < 8; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_atan(PyObject *const *in) {
    PyObject *t[9] = {NULL}, *result = NULL;
    if (((-1e+100) < real(in[0]) && real(in[0]) < 1e+100)) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[2] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[3] = PyNumber_Multiply(in[0], in[0]))) goto done;
        if (!(t[4] = PyNumber_Add(t[2], t[3]))) goto done;
        if (!(t[5] = PyNumber_TrueDivide(t[1], t[4]))) goto done;
        t[0] = Py_NewRef(t[5]);
    } else {
        if (!(t[6] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[7] = PyNumber_TrueDivide(t[6], in[0]))) goto done;
        if (!(t[8] = PyNumber_TrueDivide(t[7], in[0]))) goto done;
        t[0] = Py_NewRef(t[8]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 9; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sinh(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_cosh(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_cosh(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_sinh(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_tanh(PyObject *const *in) {
    PyObject *t[9] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(4.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(2.0))) goto done;
    if (!(t[2] = PyNumber_Multiply(t[1], in[0]))) goto done;
    if (!(t[3] = f_sigmoid(NULL, t[2]))) goto done;
    if (!(t[4] = PyNumber_Multiply(t[0], t[3]))) goto done;
    if (!(t[5] = PyFloat_FromDouble(-2.0))) goto done;
    if (!(t[6] = PyNumber_Multiply(t[5], in[0]))) goto done;
    if (!(t[7] = f_sigmoid(NULL, t[6]))) goto done;
    if (!(t[8] = PyNumber_Multiply(t[4], t[7]))) goto done;
    result = Py_NewRef(t[8]);
    done:
    for (int k = 0; k < 9; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_asinh(PyObject *const *in) {
    PyObject *t[10] = {NULL}, *result = NULL;
    if (((-1e+100) < real(in[0]) && real(in[0]) < 1e+100)) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[2] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[3] = PyNumber_Multiply(in[0], in[0]))) goto done;
        if (!(t[4] = PyNumber_Add(t[2], t[3]))) goto done;
        if (!(t[5] = f_sqrt(NULL, t[4]))) goto done;
        if (!(t[6] = PyNumber_TrueDivide(t[1], t[5]))) goto done;
        t[0] = Py_NewRef(t[6]);
    } else {
        if (!(t[7] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[8] = f_abs(NULL, in[0]))) goto done;
        if (!(t[9] = PyNumber_TrueDivide(t[7], t[8]))) goto done;
        t[0] = Py_NewRef(t[9]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 10; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_acosh(PyObject *const *in) {
    PyObject *t[9] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Subtract(in[0], t[1]))) goto done;
    if (!(t[3] = f_sqrt(NULL, t[2]))) goto done;
    if (!(t[4] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[5] = PyNumber_Add(in[0], t[4]))) goto done;
    if (!(t[6] = f_sqrt(NULL, t[5]))) goto done;
    if (!(t[7] = PyNumber_Multiply(t[3], t[6]))) goto done;
    if (!(t[8] = PyNumber_TrueDivide(t[0], t[7]))) goto done;
    result = Py_NewRef(t[8]);
    done:
    for (int k = 0; k < 9; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_atanh(PyObject *const *in) {
    PyObject *t[7] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Subtract(t[1], in[0]))) goto done;
    if (!(t[3] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[4] = PyNumber_Add(t[3], in[0]))) goto done;
    if (!(t[5] = PyNumber_Multiply(t[2], t[4]))) goto done;
    if (!(t[6] = PyNumber_TrueDivide(t[0], t[5]))) goto done;
    result = Py_NewRef(t[6]);
    done:
    for (int k = 0; k < 7; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_erf(PyObject *const *in) {
    PyObject *t[7] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(2.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.7724538509055159))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    if (!(t[3] = PyNumber_Negative(in[0]))) goto done;
    if (!(t[4] = PyNumber_Multiply(t[3], in[0]))) goto done;
    if (!(t[5] = f_exp(NULL, t[4]))) goto done;
    if (!(t[6] = PyNumber_Multiply(t[2], t[5]))) goto done;
    result = Py_NewRef(t[6]);
    done:
    for (int k = 0; k < 7; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_erfc(PyObject *const *in) {
    PyObject *t[7] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(-2.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.7724538509055159))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    if (!(t[3] = PyNumber_Negative(in[0]))) goto done;
    if (!(t[4] = PyNumber_Multiply(t[3], in[0]))) goto done;
    if (!(t[5] = f_exp(NULL, t[4]))) goto done;
    if (!(t[6] = PyNumber_Multiply(t[2], t[5]))) goto done;
    result = Py_NewRef(t[6]);
    done:
    for (int k = 0; k < 7; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_ndtr(PyObject *const *in) {
    PyObject *t[6] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(-0.5))) goto done;
    if (!(t[1] = PyNumber_Multiply(t[0], in[0]))) goto done;
    if (!(t[2] = PyNumber_Multiply(t[1], in[0]))) goto done;
    if (!(t[3] = f_exp(NULL, t[2]))) goto done;
    if (!(t[4] = PyFloat_FromDouble(2.5066282746310002))) goto done;
    if (!(t[5] = PyNumber_TrueDivide(t[3], t[4]))) goto done;
    result = Py_NewRef(t[5]);
    done:
    for (int k = 0; k < 6; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sigmoid(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Negative(in[0]))) goto done;
    if (!(t[1] = f_sigmoid(NULL, t[0]))) goto done;
    if (!(t[2] = PyNumber_Multiply(in[1], t[1]))) goto done;
    result = Py_NewRef(t[2]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_softplus(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_sigmoid(NULL, in[0]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_silu(PyObject *const *in) {
    PyObject *t[7] = {NULL}, *result = NULL;
    if (!(t[0] = f_sigmoid(NULL, in[0]))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Negative(in[0]))) goto done;
    if (!(t[3] = f_sigmoid(NULL, t[2]))) goto done;
    if (!(t[4] = PyNumber_Multiply(in[0], t[3]))) goto done;
    if (!(t[5] = PyNumber_Add(t[1], t[4]))) goto done;
    if (!(t[6] = PyNumber_Multiply(t[0], t[5]))) goto done;
    result = Py_NewRef(t[6]);
    done:
    for (int k = 0; k < 7; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_gelu(PyObject *const *in) {
    PyObject *t[14] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[1] = PyNumber_Negative(in[0]))) goto done;
    if (!(t[2] = PyFloat_FromDouble(1.4142135623730951))) goto done;
    if (!(t[3] = PyNumber_TrueDivide(t[1], t[2]))) goto done;
    if (!(t[4] = f_erfc(NULL, t[3]))) goto done;
    if (!(t[5] = PyNumber_Multiply(t[0], t[4]))) goto done;
    if (!(t[6] = PyFloat_FromDouble(-0.5))) goto done;
    if (!(t[7] = PyNumber_Multiply(t[6], in[0]))) goto done;
    if (!(t[8] = PyNumber_Multiply(t[7], in[0]))) goto done;
    if (!(t[9] = f_exp(NULL, t[8]))) goto done;
    if (!(t[10] = PyNumber_Multiply(in[0], t[9]))) goto done;
    if (!(t[11] = PyFloat_FromDouble(2.5066282746310002))) goto done;
    if (!(t[12] = PyNumber_TrueDivide(t[10], t[11]))) goto done;
    if (!(t[13] = PyNumber_Add(t[5], t[12]))) goto done;
    result = Py_NewRef(t[13]);
    done:
    for (int k = 0; k < 14; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_relu(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if ((real(in[0]) <= 0.0)) {
        if (!(t[1] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_logit(PyObject *const *in) {
    PyObject *t[5] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = PyNumber_Subtract(t[1], in[0]))) goto done;
    if (!(t[3] = PyNumber_Multiply(in[0], t[2]))) goto done;
    if (!(t[4] = PyNumber_TrueDivide(t[0], t[3]))) goto done;
    result = Py_NewRef(t[4]);
    done:
    for (int k = 0; k < 5; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_floor(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_ceil(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_round(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_trunc(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sign(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_degrees(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(180.0))) goto done;
    if (!(t[1] = PyFloat_FromDouble(3.141592653589793))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    result = Py_NewRef(t[2]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_radians(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(3.141592653589793))) goto done;
    if (!(t[1] = PyFloat_FromDouble(180.0))) goto done;
    if (!(t[2] = PyNumber_TrueDivide(t[0], t[1]))) goto done;
    result = Py_NewRef(t[2]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_add(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_add(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_sub(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_sub(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(-1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_mul(PyObject *const *in) {
    return Py_NewRef(in[1]);
}

static PyObject *lifted1_mul(PyObject *const *in) {
    return Py_NewRef(in[0]);
}

static PyObject *lifted0_div(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[1]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_div(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Negative(in[2]))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[1]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_mod(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_mod(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_FloorDivide(in[0], in[1]))) goto done;
    if (!(t[1] = PyNumber_Negative(t[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_floordiv(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_floordiv(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_pow(PyObject *const *in) {
    PyObject *t[9] = {NULL}, *result = NULL;
    if (((0.5 <= real(in[1]) && real(in[1]) < 1000000000000000.0) || ((real(in[0]) == 0.0) && (real(in[1]) != 0.0)))) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        if (!(t[2] = PyNumber_Subtract(in[1], t[1]))) goto done;
        if (!(t[3] = f_pow(NULL, (PyObject *[]){in[0], t[2]}, 2))) goto done;
        if (!(t[4] = PyNumber_Multiply(in[1], t[3]))) goto done;
        t[0] = Py_NewRef(t[4]);
    } else {
        if ((real(in[0]) != 0.0)) {
            if (!(t[6] = PyNumber_Multiply(in[1], in[2]))) goto done;
            if (!(t[7] = PyNumber_TrueDivide(t[6], in[0]))) goto done;
            t[5] = Py_NewRef(t[7]);
        } else {
            if (!(t[8] = PyFloat_FromDouble(0.0))) goto done;
            t[5] = Py_NewRef(t[8]);
        }
        t[0] = Py_NewRef(t[5]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 9; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_pow(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (((real(in[0]) != 0.0) || (real(in[1]) <= 0.0))) {
        if (!(t[1] = f_log(NULL, in[0]))) goto done;
        if (!(t[2] = PyNumber_Multiply(in[2], t[1]))) goto done;
        t[0] = Py_NewRef(t[2]);
    } else {
        if (!(t[3] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[3]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_atan2(PyObject *const *in) {
    PyObject *t[15] = {NULL}, *result = NULL;
    if ((fabs(real(in[0])) <= fabs(real(in[1])))) {
        if (!(t[1] = PyNumber_TrueDivide(in[0], in[1]))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyNumber_TrueDivide(in[1], in[0]))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    if ((fabs(real(in[0])) <= fabs(real(in[1])))) {
        if (!(t[4] = PyFloat_FromDouble(0.5))) goto done;
        if (!(t[5] = PyNumber_TrueDivide(t[4], in[1]))) goto done;
        t[3] = Py_NewRef(t[5]);
    } else {
        if (!(t[6] = PyFloat_FromDouble(0.5))) goto done;
        if (!(t[7] = PyNumber_Multiply(t[6], t[0]))) goto done;
        if (!(t[8] = PyNumber_TrueDivide(t[7], in[0]))) goto done;
        t[3] = Py_NewRef(t[8]);
    }
    if (!(t[9] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[10] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[11] = PyNumber_Multiply(t[10], t[0]))) goto done;
    if (!(t[12] = PyNumber_Multiply(t[11], t[0]))) goto done;
    if (!(t[13] = PyNumber_Add(t[9], t[12]))) goto done;
    if (!(t[14] = PyNumber_TrueDivide(t[3], t[13]))) goto done;
    result = Py_NewRef(t[14]);
    done:
    for (int k = 0; k < 15; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_atan2(PyObject *const *in) {
    PyObject *t[15] = {NULL}, *result = NULL;
    if ((fabs(real(in[0])) <= fabs(real(in[1])))) {
        if (!(t[1] = PyNumber_TrueDivide(in[0], in[1]))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyNumber_TrueDivide(in[1], in[0]))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    if ((fabs(real(in[0])) <= fabs(real(in[1])))) {
        if (!(t[4] = PyFloat_FromDouble(-0.5))) goto done;
        if (!(t[5] = PyNumber_Multiply(t[4], t[0]))) goto done;
        if (!(t[6] = PyNumber_TrueDivide(t[5], in[1]))) goto done;
        t[3] = Py_NewRef(t[6]);
    } else {
        if (!(t[7] = PyFloat_FromDouble(-0.5))) goto done;
        if (!(t[8] = PyNumber_TrueDivide(t[7], in[0]))) goto done;
        t[3] = Py_NewRef(t[8]);
    }
    if (!(t[9] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[10] = PyFloat_FromDouble(0.5))) goto done;
    if (!(t[11] = PyNumber_Multiply(t[10], t[0]))) goto done;
    if (!(t[12] = PyNumber_Multiply(t[11], t[0]))) goto done;
    if (!(t[13] = PyNumber_Add(t[9], t[12]))) goto done;
    if (!(t[14] = PyNumber_TrueDivide(t[3], t[13]))) goto done;
    result = Py_NewRef(t[14]);
    done:
    for (int k = 0; k < 15; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_fmod(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_fmod(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Subtract(in[0], in[2]))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[1]))) goto done;
    if (!(t[2] = f_round(NULL, t[1]))) goto done;
    if (!(t[3] = PyNumber_Negative(t[2]))) goto done;
    result = Py_NewRef(t[3]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_copysign(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if (!(t[0] = f_sign(NULL, in[0]))) goto done;
    if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
    if (!(t[2] = f_copysign(NULL, (PyObject *[]){t[1], in[1]}, 2))) goto done;
    if (!(t[3] = PyNumber_Multiply(t[0], t[2]))) goto done;
    result = Py_NewRef(t[3]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_copysign(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(0.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_maximum(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (((real(in[0]) >= real(in[1])) || (real(in[0]) != real(in[0])))) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_maximum(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (((real(in[0]) >= real(in[1])) || (real(in[0]) != real(in[0])))) {
        if (!(t[1] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_minimum(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (((real(in[0]) <= real(in[1])) || (real(in[0]) != real(in[0])))) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_minimum(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (((real(in[0]) <= real(in[1])) || (real(in[0]) != real(in[0])))) {
        if (!(t[1] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_leaky_relu(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if ((real(in[0]) <= 0.0)) {
        t[0] = Py_NewRef(in[1]);
    } else {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_leaky_relu(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if ((real(in[0]) <= 0.0)) {
        t[0] = Py_NewRef(in[0]);
    } else {
        if (!(t[1] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_elu(PyObject *const *in) {
    PyObject *t[4] = {NULL}, *result = NULL;
    if ((real(in[0]) <= 0.0)) {
        if (!(t[1] = f_exp(NULL, in[0]))) goto done;
        if (!(t[2] = PyNumber_Multiply(in[1], t[1]))) goto done;
        t[0] = Py_NewRef(t[2]);
    } else {
        if (!(t[3] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[3]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 4; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_elu(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if ((real(in[0]) <= 0.0)) {
        if (!(t[1] = f_expm1(NULL, in[0]))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_logaddexp(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Subtract(in[0], in[1]))) goto done;
    if (!(t[1] = f_sigmoid(NULL, t[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_logaddexp(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Subtract(in[1], in[0]))) goto done;
    if (!(t[1] = f_sigmoid(NULL, t[0]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_xlogy(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = f_log(NULL, in[1]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted1_xlogy(PyObject *const *in) {
    PyObject *t[3] = {NULL}, *result = NULL;
    if (((real(in[0]) != 0.0) || (real(in[1]) != 0.0))) {
        if (!(t[1] = PyNumber_TrueDivide(in[0], in[1]))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        if (!(t[2] = PyFloat_FromDouble(0.0))) goto done;
        t[0] = Py_NewRef(t[2]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 3; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_fma(PyObject *const *in) {
    return Py_NewRef(in[1]);
}

static PyObject *lifted1_fma(PyObject *const *in) {
    return Py_NewRef(in[0]);
}

static PyObject *lifted2_fma(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyFloat_FromDouble(1.0))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_where(PyObject *const *in) {
    return Py_NewRef(Py_None);
}

static PyObject *lifted1_where(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if ((real(in[0]) != 0.0)) {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    } else {
        t[0] = Py_NewRef(Py_None);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted2_where(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if ((real(in[0]) != 0.0)) {
        t[0] = Py_NewRef(Py_None);
    } else {
        if (!(t[1] = PyFloat_FromDouble(1.0))) goto done;
        t[0] = Py_NewRef(t[1]);
    }
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted0_softmax_term(PyObject *const *in) {
    return Py_NewRef(in[3]);
}

static PyObject *lifted1_softmax_term(PyObject *const *in) {
    PyObject *t[2] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Negative(in[3]))) goto done;
    if (!(t[1] = PyNumber_TrueDivide(t[0], in[1]))) goto done;
    result = Py_NewRef(t[1]);
    done:
    for (int k = 0; k < 2; k++) Py_XDECREF(t[k]);
    return result;
}

static PyObject *lifted2_softmax_term(PyObject *const *in) {
    PyObject *t[1] = {NULL}, *result = NULL;
    if (!(t[0] = PyNumber_Negative(in[3]))) goto done;
    result = Py_NewRef(t[0]);
    done:
    for (int k = 0; k < 1; k++) Py_XDECREF(t[k]);
    return result;
}

typedef PyObject *Lifted(PyObject *const *in);
static Lifted *const lifted[OP_COUNT][3] = {
    [OP_neg] = {lifted0_neg},
    [OP_identity] = {lifted0_identity},
    [OP_abs] = {lifted0_abs},
    [OP_sqrt] = {lifted0_sqrt},
    [OP_cbrt] = {lifted0_cbrt},
    [OP_exp] = {lifted0_exp},
    [OP_exp2] = {lifted0_exp2},
    [OP_expm1] = {lifted0_expm1},
    [OP_log] = {lifted0_log},
    [OP_log2] = {lifted0_log2},
    [OP_log10] = {lifted0_log10},
    [OP_log1p] = {lifted0_log1p},
    [OP_sin] = {lifted0_sin},
    [OP_cos] = {lifted0_cos},
    [OP_tan] = {lifted0_tan},
    [OP_asin] = {lifted0_asin},
    [OP_acos] = {lifted0_acos},
    [OP_atan] = {lifted0_atan},
    [OP_sinh] = {lifted0_sinh},
    [OP_cosh] = {lifted0_cosh},
    [OP_tanh] = {lifted0_tanh},
    [OP_asinh] = {lifted0_asinh},
    [OP_acosh] = {lifted0_acosh},
    [OP_atanh] = {lifted0_atanh},
    [OP_erf] = {lifted0_erf},
    [OP_erfc] = {lifted0_erfc},
    [OP_ndtr] = {lifted0_ndtr},
    [OP_sigmoid] = {lifted0_sigmoid},
    [OP_softplus] = {lifted0_softplus},
    [OP_silu] = {lifted0_silu},
    [OP_gelu] = {lifted0_gelu},
    [OP_relu] = {lifted0_relu},
    [OP_logit] = {lifted0_logit},
    [OP_floor] = {lifted0_floor},
    [OP_ceil] = {lifted0_ceil},
    [OP_round] = {lifted0_round},
    [OP_trunc] = {lifted0_trunc},
    [OP_sign] = {lifted0_sign},
    [OP_degrees] = {lifted0_degrees},
    [OP_radians] = {lifted0_radians},
    [OP_add] = {lifted0_add, lifted1_add},
    [OP_sub] = {lifted0_sub, lifted1_sub},
    [OP_mul] = {lifted0_mul, lifted1_mul},
    [OP_div] = {lifted0_div, lifted1_div},
    [OP_mod] = {lifted0_mod, lifted1_mod},
    [OP_floordiv] = {lifted0_floordiv, lifted1_floordiv},
    [OP_pow] = {lifted0_pow, lifted1_pow},
    [OP_atan2] = {lifted0_atan2, lifted1_atan2},
    [OP_fmod] = {lifted0_fmod, lifted1_fmod},
    [OP_copysign] = {lifted0_copysign, lifted1_copysign},
    [OP_maximum] = {lifted0_maximum, lifted1_maximum},
    [OP_minimum] = {lifted0_minimum, lifted1_minimum},
    [OP_leaky_relu] = {lifted0_leaky_relu, lifted1_leaky_relu},
    [OP_elu] = {lifted0_elu, lifted1_elu},
    [OP_logaddexp] = {lifted0_logaddexp, lifted1_logaddexp},
    [OP_xlogy] = {lifted0_xlogy, lifted1_xlogy},
    [OP_fma] = {lifted0_fma, lifted1_fma, lifted2_fma},
    [OP_where] = {lifted0_where, lifted1_where, lifted2_where},
    [OP_softmax_term] = {lifted0_softmax_term, lifted1_softmax_term, lifted2_softmax_term},
};
